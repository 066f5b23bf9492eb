import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeEvaluation } from '../host/evaluationFolders.ts';
import { EVALUATIONS } from '../host/madeEvaluations.ts';
import { chooseFile, cursorInLine, openFile, openSideBar, panel, pick, runCommand, shot } from '../host/page.ts';
import { scenario } from './scenario.ts';

const vscode = scenario('evaluation', { viewport: { width: 1500, height: 950 } });
const page = () => panel(vscode());
const evaluationsFolder = (): string => path.join(vscode().folder, '.lm-lab', 'evaluations');
const row = (name: RegExp) => vscode().page.locator('.part.sidebar').getByRole('treeitem', { name });
const COMPARED = '2026-11-26T11-00-00-instruction-data-compare';

beforeAll(async () => {
  for (const evaluation of EVALUATIONS) await makeEvaluation(evaluationsFolder(), { ...evaluation, votes: [] });
});

test('from a dataset file to accuracy in three steps, with the words and tokens in sight before', async () => {
  await openFile(vscode(), 'SST-2/dev.tsv');
  await runCommand(vscode(), 'LM Lab: Evaluate on Current Dataset File');
  for (const step of ['Classify by prompt', 'starter', 'Open the Form']) await pick(vscode(), step);
  await page().locator('.preview .piece.scored', { hasText: 'positive' }).waitFor();
  await shot(vscode(), 'form');
  await page().locator('#start').click();
  await page().locator('.run-state.finished').waitFor({ timeout: 60_000 });
  await page().locator('.accuracy .interval').waitFor();
  await shot(vscode(), 'finished');
});

test('a cell of the confusion leads to its rows, and a row to its line', async () => {
  const wrong = page().locator('.confusion .cell.wrong button').first();
  const many = (await wrong.innerText()).trim();
  await wrong.click();
  await page().getByText(`${many} of 872`).waitFor();
  await page().locator('.rows-grid .grid-row.wrong').first().click();
  await page().locator('.row-detail .scores').waitFor();
  const [line = ''] = /[\d,]+(?= of the file)/.exec(await page().locator('.row-detail').innerText()) ?? [];
  await cursorInLine(vscode(), line);
  await shot(vscode(), 'drilled');
});

test('the view tells each evaluation’s state; one that failed says why, and what can be done', async () => {
  await openSideBar(vscode(), 'LM Lab');
  await row(/^dev-prompt, .*63\.6/).waitFor();
  await row(/^dev-interrupted, interrupted/).waitFor();
  await row(/^instruction-data-failed, failed/).click();
  const alert = page().getByRole('alert');
  await alert.getByText('The columns are instruction, input, output.').waitFor();
  expect(await alert.getByRole('button').allInnerTexts()).toEqual(['Start again', 'Change and evaluate again…']);
});

test('people vote by keys without knowing whose response it is, and train on what they preferred', async () => {
  await row(/^instruction-data-compare, finished/).click();
  await page().getByRole('button', { name: 'Vote blind…' }).click();
  await page().locator('.ballot').waitFor();
  expect(await page().locator('.voting').innerText()).not.toContain('starter');
  for (const [key, at] of [
    ['1', 2],
    ['0', 3],
    ['2', 4],
  ] as const) {
    await vscode().page.keyboard.press(key);
    await page().getByText(`row ${at} of 60`).waitFor();
  }
  await shot(vscode(), 'vote');
  await vscode().page.keyboard.press('Escape');
  await page()
    .locator('.plain td', { hasText: /^votes$/ })
    .waitFor(); // counted by the engine
  const votes = await readFile(path.join(evaluationsFolder(), COMPARED, 'votes.jsonl'), 'utf8');
  expect(
    votes
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line).better === null),
  ).toEqual([false, true, false]);
  const file = path.join(vscode().folder, 'preferences.json');
  await page().getByRole('button', { name: 'Export the rows' }).click();
  await page().getByRole('menuitem', { name: 'Preferences' }).click();
  await chooseFile(vscode(), file);
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain('"chosen"');
  const preferred = JSON.parse(await readFile(file, 'utf8')) as ReadonlyArray<Record<string, string>>;
  expect(preferred.map(one => Object.keys(one))).toEqual([
    ['prompt', 'chosen', 'rejected'],
    ['prompt', 'chosen', 'rejected'],
  ]);
});

test('nothing outside this machine was asked for', () => {
  expect(vscode().outsideRequests).toEqual([]);
});
