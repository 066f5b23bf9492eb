import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, test } from 'vitest';
import { openFile, panel, placeCursor, runCommand, shot } from '../host/page.ts';
import { scenario } from './scenario.ts';

const vscode = scenario('engine-killed');
const content = () => panel(vscode()).locator('body');

/** The engine processes of the installed extension. */
const engines = (): number[] => {
  try {
    const found = execFileSync('pgrep', ['-f', `${inject('extensionsFolder')}.*engine\\.cjs`], { encoding: 'utf8' });
    return found.trim().split('\n').map(Number);
  } catch {
    return []; // pgrep fails where it finds none
  }
};

test.skipIf(process.platform === 'win32')('an engine that is killed is told, and the next request works', async () => {
  const workbench = vscode();
  const text = 'The movie was full of surprises, and nobody knew why they had come.\n'.repeat(2000);
  await writeFile(path.join(workbench.folder, 'long.txt'), text);
  await openFile(workbench, 'long.txt');
  await runCommand(workbench, 'LM Lab: Score Perplexity of File');
  await content().getByText('Scoring long.txt').waitFor();
  await content().getByText('tokens/s').waitFor();
  await shot(workbench, 'scoring');
  for (const engine of engines()) process.kill(engine, 'SIGKILL');
  await content().getByText('stopped by signal SIGKILL').waitFor();
  await shot(workbench, 'killed');
  await openFile(workbench, 'film-sentences.txt');
  await placeCursor(workbench, 'The movie was full of surprises', 3);
  await runCommand(workbench, 'LM Lab: Score Perplexity');
  await content().locator('.figures').waitFor();
  expect(await content().getByRole('alert').count()).toBe(0);
});

test('a long scoring is cancelled, and the results before it stay', async () => {
  const workbench = vscode();
  const before = await content().locator('.figure.perplexity').innerText();
  await openFile(workbench, 'long.txt');
  await runCommand(workbench, 'LM Lab: Score Perplexity of File');
  await content().getByText('tokens/s').waitFor();
  await content().getByRole('button', { name: 'Cancel' }).click();
  await content().getByText('Scoring long.txt').waitFor({ state: 'detached' });
  expect(await content().locator('.figure.perplexity').innerText()).toBe(before);
});
