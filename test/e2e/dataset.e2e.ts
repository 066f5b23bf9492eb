import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  chooseFile,
  cursorInLine,
  notification,
  openFile,
  panel,
  placeCursor,
  reload,
  runCommand,
  shot,
} from '../host/page.ts';
import { scenario } from './scenario.ts';

const vscode = scenario('dataset', { viewport: { width: 1500, height: 950 } });
const page = () => panel(vscode());
const rows = (): Locator => page().locator('.rows-grid .grid-body .grid-row');
const sizes = async (): Promise<string[]> => page().locator('.part-size').allInnerTexts();

/** The engine answers in a moment, or in more where the machine has much to do. */
const WAIT = { timeout: 20_000 };

/** What is chosen in a drop-down list of a section. */
const chosenIn = (section: string, index: number): Promise<string> =>
  page()
    .getByRole('region', { name: section })
    .locator('select')
    .nth(index)
    .locator('option:checked')
    .innerText()
    .then(text => text.trim());

/** The row with that text in sight, whose number is the first of its cells. */
const rowWith = (text: string): Locator => rows().filter({ hasText: text }).first();

test('the SMS file has a button for its panel, which knows what it is', async () => {
  const workbench = vscode();
  await openFile(workbench, 'sms-spam.tsv');
  await workbench.page.locator('.editor-actions').getByRole('button', { name: 'Open Dataset Panel' }).click();
  await page().locator('.classes').waitFor();
  expect(await page().locator('.facts').innerText()).toBe('5,574\u00a0rows · tab-separated · no header · utf-8');
  // As the collection's own readme counts them.
  expect(await page().locator('.classes li').allInnerTexts()).toEqual([
    expect.stringMatching(/^ham\s+4,827/),
    expect.stringMatching(/^spam\s+747/),
  ]);
  expect(await chosenIn('Method', 0)).toBe('Guessed: classification');
  expect(await chosenIn('Roles', 1)).toBe('column1, guessed');
  await shot(workbench, 'opened');
});

test('balanced, and split as 70, 10 and 20 %', async () => {
  const workbench = vscode();
  await page().getByRole('button', { name: 'Balance to 1,494' }).click();
  await expect.poll(sizes, WAIT).toEqual(['train 1,269', 'validation 74', 'test 151']);
  for (const [part, share] of [
    ['validation', '10'],
    ['test', '20'],
  ] as const) {
    await page().getByLabel(`Share of ${part}`).fill(share);
    await page().getByLabel(`Share of ${part}`).press('Enter');
  }
  await expect.poll(sizes, WAIT).toEqual(['train 1,045', 'validation 149', 'test 300']);
  expect(await page().getByLabel('Share of train').inputValue()).toBe('70');
  await shot(workbench, 'balanced');
});

test('a row leads to its line, and a line to its row', async () => {
  const workbench = vscode();
  await page().getByRole('button', { name: 'Show the rows as the file has them' }).click();
  await page().locator('.shown-rows').waitFor();
  await rowWith('Nah I don').click();
  await cursorInLine(workbench, 5);
  await workbench.page.locator('.monaco-editor .selected-text').first().waitFor();
  await page().locator('.pieces', { hasText: 'he goes to usf' }).waitFor();
  await placeCursor(workbench, 'WINNER!!', 3);
  await page().locator('.grid-row.focused', { hasText: 'WINNER!!' }).waitFor();
  await shot(workbench, 'line');
  await page().getByRole('button', { name: 'Show all rows' }).click();
});

test('what is wrong with a row is listed and leads there', async () => {
  const workbench = vscode();
  await page().getByRole('tab', { name: 'Problems' }).click();
  const problem = page().locator('.problem-row', { hasText: 'line' }).first();
  const [, line = ''] = /line ([\d,]+)/.exec(await problem.innerText()) ?? [];
  await problem.click();
  await cursorInLine(workbench, line);
  await page().locator('.grid-row.focused [role="img"]').waitFor();
  await shot(workbench, 'problem');
});

test('a condition that is wrong is told at its step; steps are moved and removed', async () => {
  const workbench = vscode();
  await page().getByRole('button', { name: '+ filter' }).click();
  await page().getByLabel('Condition').fill('column2 | length >');
  await page().getByLabel('Condition').press('Enter');
  await page().locator('.step.wrong .setting-problem', { hasText: 'not valid Jinja' }).waitFor();
  await shot(workbench, 'wrong-step');
  await page().getByLabel('Condition').fill('column2 | length > 100');
  await page().getByLabel('Condition').press('Enter');
  await page().locator('.setting-problem').waitFor({ state: 'detached' });
  await page().getByRole('button', { name: 'Move step 2 up' }).click();
  await expect.poll(() => page().locator('.step-kind').allInnerTexts(), WAIT).toEqual(['file', 'filter', 'balance']);
  await page().getByRole('button', { name: 'Remove step 1' }).click();
  await expect.poll(sizes, WAIT).toEqual(['train 1,045', 'validation 149', 'test 300']);
});

test('a batch is laid open, and stepped through', async () => {
  const workbench = vscode();
  await page().getByRole('tab', { name: 'Batch' }).click();
  await page().locator('.batch-cell').first().waitFor();
  expect(await page().locator('.batch-row-name').allInnerTexts()).toHaveLength(8);
  const first = await page().locator('.batch-row-name').allInnerTexts();
  await page().getByRole('button', { name: 'Next batch' }).click();
  await expect.poll(() => page().locator('.batch-row-name').allInnerTexts(), WAIT).not.toEqual(first);
  expect(await page().locator('.stepping').innerText()).toContain('of 131'); // 1,045 rows, 8 at a time
  await shot(workbench, 'batch');
});

test('after a reload everything is as it was set', async () => {
  const workbench = vscode();
  const batch = await page().locator('.batch-row-name').allInnerTexts();
  await workbench.page.waitForTimeout(600); // it is kept a moment later
  await reload(workbench);
  await page().locator('.batch-cell').first().waitFor();
  await expect.poll(sizes, WAIT).toEqual(['train 1,045', 'validation 149', 'test 300']);
  expect(await page().locator('.batch-row-name').allInnerTexts()).toEqual(batch);
  await shot(workbench, 'reloaded');
});

test('the parts are written as files', async () => {
  const workbench = vscode();
  await page().getByRole('button', { name: 'Export the prepared parts' }).click();
  await page().getByRole('menuitem', { name: 'JSONL' }).click();
  await chooseFile(workbench);
  await notification(workbench, 'Wrote train.jsonl, validation.jsonl, test.jsonl.');
  const written = await readFile(path.join(workbench.folder, 'test.jsonl'), 'utf8');
  expect(written.trim().split('\n')).toHaveLength(300);
});

test('a file that changes is read again', async () => {
  const workbench = vscode();
  await writeFile(path.join(workbench.folder, 'few.tsv'), 'good\tA film.\nbad\tNo film.\n');
  await openFile(workbench, 'few.tsv');
  await runCommand(workbench, 'LM Lab: Open Dataset Panel');
  await page().locator('.facts', { hasText: '2\u00a0rows' }).waitFor();
  await writeFile(path.join(workbench.folder, 'few.tsv'), 'good\tA film.\nbad\tNo film.\ngood\tWhat a film.\n');
  await page().locator('.facts', { hasText: '3\u00a0rows' }).waitFor();
  await writeFile(path.join(workbench.folder, 'few.tsv'), '');
  await page().getByRole('heading', { name: 'This file has no rows' }).waitFor();
  await shot(workbench, 'empty-file');
});

test('instructions: the prompt is told apart from the completion, and the template can be another one', async () => {
  const workbench = vscode();
  await openFile(workbench, 'instruction-data.json');
  await runCommand(workbench, 'LM Lab: Open Dataset Panel');
  await rowWith('Convert 45 kilometers').click();
  const text = async (part: string): Promise<string> =>
    (await page().locator(`.pieces .piece.${part}`).allInnerTexts()).join('');
  await expect.poll(() => text('completion'), WAIT).toContain('45 kilometers is 45000 meters.');
  expect(await text('prompt')).toMatch(/^Below is an instruction[\s\S]*### Response:/);
  expect(await page().locator('.pieces .prompt.scored').count()).toBe(0);
  await page().getByLabel('template').selectOption({ label: 'phi-3' });
  await expect.poll(() => text('prompt'), WAIT).toMatch(/^<\|user\|>/);
  await shot(workbench, 'instructions');
  await page().getByRole('button', { name: 'Fine-tune…' }).click();
  await workbench.page
    .locator('.tab', { hasText: /Fine-tune/ })
    .first()
    .waitFor();
  await shot(workbench, 'fine-tune');
});

test('nothing outside this machine was asked for', () => expect(vscode().outsideRequests).toEqual([]));
