import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  changeSettings,
  chooseFile,
  hoverAt,
  notification,
  openFile,
  panel,
  placeCursor,
  runCommand,
  shot,
  statusBarItem,
} from '../host/page.ts';
import { scenario } from './scenario.ts';

const vscode = scenario('untrusted', { workspaceTrust: true });

test('texts of a folder that is not trusted are scored', async () => {
  const workbench = vscode();
  await statusBarItem(workbench, 'Restricted Mode').waitFor();
  await openFile(workbench, 'film-sentences.txt');
  await placeCursor(workbench, 'The movie was full of surprises', 3);
  await runCommand(workbench, 'LM Lab: Score Perplexity');
  await panel(workbench).locator('.figures').waitFor();
});

test('its settings are not taken', async () => {
  const workbench = vscode();
  await changeSettings(workbench, { 'lmLab.hover.top': 3, 'editor.lineNumbers': 'off' });
  // A setting that needs no trust tells when the file has been read.
  await workbench.page.locator('.editor-group-container .line-numbers').first().waitFor({ state: 'detached' });
  const hover = await hoverAt(workbench, 'The movie was full of surprises', 12);
  await hover.locator('tbody tr').first().waitFor();
  expect(await hover.locator('tbody tr').count()).toBe(10);
});

test('a model folder inside it is refused, with the way to trust it', async () => {
  const workbench = vscode();
  const model = path.join(workbench.folder, 'model');
  await mkdir(model);
  await writeFile(path.join(model, 'config.json'), '{"model_type": "gpt2"}');
  await runCommand(workbench, 'LM Lab: Import Model Folder');
  await chooseFile(workbench, `${model}/`);
  const told = await notification(workbench, 'is in this workspace, which is not trusted');
  await shot(workbench, 'refused');
  await told.getByRole('button', { name: 'Manage Trust' }).click();
  await workbench.page.getByText('You are in Restricted Mode').waitFor();
});
