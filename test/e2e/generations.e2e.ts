import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  changeSettings,
  focusEditor,
  openFile,
  panel,
  placeCursor,
  reload,
  runCommand,
  selectText,
  shot,
} from '../host/page.ts';
import { scenario } from './scenario.ts';

const prompt = 'The movie was full of';
const vscode = scenario('generations', { viewport: { width: 1500, height: 900 } });

const column = (index: number) => panel(vscode()).locator('.column').nth(index);
const textOf = (index: number) => column(index).locator('.generated-text').innerText();

/** Waits until nothing is under way, and every column that ran tells why it ended. */
async function untilEnded(): Promise<void> {
  await panel(vscode())
    .getByRole('button', { name: 'Stop all columns' })
    .and(panel(vscode()).locator(':disabled'))
    .waitFor();
}

test('a selection becomes the prompt, and its tokens are counted', async () => {
  const workbench = vscode();
  await openFile(workbench, 'film-sentences.txt');
  await selectText(workbench, prompt);
  await runCommand(workbench, 'LM Lab: Generate from Selection');
  const page = panel(workbench);
  await page.getByText('5 tokens of 512').waitFor();
  expect(await page.getByRole('textbox', { name: 'Prompt' }).inputValue()).toBe(prompt);
  await shot(workbench, 'prompt');
});

test('Control+Enter runs the columns side by side', async () => {
  const workbench = vscode();
  await panel(workbench).getByRole('textbox', { name: 'Prompt' }).press('Control+Enter');
  await column(2).locator('.figure-list').waitFor();
  await untilEnded();
  await shot(workbench, 'columns');
  // The starter's own greedy text, as `generate` gives it on the command line.
  expect(await textOf(0)).toMatch(/^\s*the film's best films\./);
  expect(await column(0).locator('.figure-list').innerText()).toMatch(/perplexity\s+[\d.]+[\s\S]*mean log p\s+−[\d.]+/);
  expect(await column(0).locator('.ending').innerText()).toBe('Ended at 40\u00a0new tokens.');
});

test('a token shows its probability and the alternatives; choosing one branches, and the branch can be walked back', async () => {
  const workbench = vscode();
  const page = panel(workbench);
  const before = await textOf(0);
  await column(0).locator('.token').nth(3).hover();
  const card = page.locator('.card:popover-open');
  await card.getByText('What the model expected').waitFor();
  await shot(workbench, 'card');
  const other = card.locator('.alternatives button').nth(2);
  const word = (await other.locator('.token-text').innerText()).replace('·', '');
  await other.click();
  await column(0).locator('.tree-row').nth(2).waitFor();
  await untilEnded();
  expect(await column(0).locator('.token.chosen').innerText()).toBe(word);
  const branched = await textOf(0);
  expect(branched).not.toBe(before);
  expect(branched).toContain(word);
  await shot(workbench, 'branch');
  await column(0).getByRole('tree').press('ArrowUp');
  await expect.poll(() => textOf(0)).toBe(before);
  await column(0).getByRole('tree').press('ArrowDown');
  await expect.poll(() => textOf(0)).toBe(branched);
});

test('two columns are compared: what differs is marked, and how far they go together is said', async () => {
  const workbench = vscode();
  const page = panel(workbench);
  for (const index of [0, 1]) await column(index).getByRole('button', { name: 'Compare with another column' }).click();
  await page.locator('.comparison', { hasText: 'greedy | beam 4' }).getByText('shared in order').waitFor();
  expect(await column(0).locator('.token.differs').count()).toBeGreaterThan(0);
  await column(1).getByRole('button', { name: /Beams/ }).click();
  await column(1).locator('.beam.best').first().waitFor();
  await shot(workbench, 'comparison');
});

test('an option that the mode does not use is greyed with the reason; a wrong value is told where it stands', async () => {
  const workbench = vscode();
  await column(2).locator('.column-settings .disclosure').click();
  const form = column(2).getByRole('group', { name: /Decoding settings/ });
  expect(await form.getByLabel('length penalty').isDisabled()).toBe(true);
  await form.getByText('Only beam search uses it').waitFor();
  await form.getByLabel('top-p').fill('1.5');
  await form.getByLabel('top-p').press('Enter');
  await form.getByText('top-p is 1.5. It must be above 0 and at most 1.').waitFor();
  await shot(workbench, 'settings');
  await form.getByLabel('top-p').fill('0.9');
  await form.getByLabel('top-p').press('Enter');
  await column(2).locator('.column-settings .disclosure').click();
});

test('after a reload everything is there', async () => {
  const workbench = vscode();
  const before = [await textOf(0), await textOf(1), await textOf(2)];
  await workbench.page.waitForTimeout(600); // it is written to a file a moment later
  await reload(workbench);
  await column(2).locator('.figure-list').waitFor();
  expect([await textOf(0), await textOf(1), await textOf(2)]).toEqual(before);
  expect(await column(0).locator('.tree-row').count()).toBe(3);
  await panel(workbench).locator('.comparison').waitFor();
  await shot(workbench, 'reloaded');
});

test('Continue Here writes at the cursor, Escape stops it, and one undo takes it back', async () => {
  const workbench = vscode();
  await changeSettings(workbench, { 'lmLab.continue.decoding': 'greedy', 'lmLab.continue.maxNewTokens': 400 });
  await openFile(workbench, 'hovering.txt');
  const file = path.join(workbench.folder, 'hovering.txt');
  const before = await readFile(file, 'utf8');
  await placeCursor(workbench, 'nobody wanted to', 'nobody wanted'.length);
  const lines = workbench.page.locator('.editor-group-container.active .view-lines');
  const shown = await lines.innerText();
  await runCommand(workbench, 'LM Lab: Continue Here');
  await expect.poll(() => lines.innerText()).not.toBe(shown);
  await workbench.page.keyboard.press('Escape');
  await workbench.page.locator('.statusbar-item', { hasText: 'writes on' }).waitFor({ state: 'detached' });
  await shot(workbench, 'continued');
  expect(await lines.innerText()).not.toBe(shown);
  await focusEditor(workbench);
  await workbench.page.keyboard.press('ControlOrMeta+Z');
  await workbench.page.keyboard.press('ControlOrMeta+S');
  await expect.poll(() => readFile(file, 'utf8')).toBe(before);
});

test('nothing outside this machine was asked for', () => {
  expect(vscode().outsideRequests).toEqual([]);
});
