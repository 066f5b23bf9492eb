import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { chooseFile, contextMenu, focusEditor, openFile, panel, reload, shot, statusBarItem } from '../host/page.ts';
import { scenario } from './scenario.ts';

const sentence = 'The movie were full of surprises';
const vscode = scenario('score');

const content = () => panel(vscode()).locator('body');
const rows = () => panel(vscode()).locator('.grid-body .grid-row');
/** The tokens of the table in the order in which they stand. */
const tokens = async () => (await rows().locator('.token').allInnerTexts()).map(text => text.trim());
const lines = () => vscode().page.locator('.editor-group-container .view-line');
/** Stretches of the editor that have heat. */
const heat = () => vscode().page.locator('.view-overlays .cdr[class*="ced-"]').count();
const lineThree = async () => ((await lines().nth(2).textContent()) ?? '').replaceAll('\u00a0', ' ');

test('four sentences are ranked, and their heat stands in the editor', async () => {
  const workbench = vscode();
  await openFile(workbench, 'film-sentences.txt');
  await focusEditor(workbench);
  await workbench.page.keyboard.press('ControlOrMeta+A');
  const menu = await contextMenu(workbench, sentence);
  await menu.choose('Score Perplexity');
  await content().locator('.text-row').nth(3).waitFor();
  await shot(workbench, 'ranked');
  const ranked = await content().locator('.text-row .number:first-child').allInnerTexts();
  expect(ranked.map(Number)).toEqual(ranked.map(Number).sort((a, b) => a - b));
  await expect.poll(heat).toBeGreaterThanOrEqual(8);
  await content().locator('.text-row', { hasText: sentence }).click();
  await expect.poll(tokens).toEqual(['The', '·movie', '·were', '·full', '·of', '·surprises']);
});

test('the table sorts by its titles', async () => {
  await content().getByRole('columnheader', { name: 'bits' }).click();
  await expect.poll(async () => (await tokens())[0]).toBe('·surprises');
  await content().getByRole('columnheader', { name: '#' }).click();
  await expect.poll(async () => (await tokens())[0]).toBe('The');
});

test('a row shows its token in the editor', async () => {
  const workbench = vscode();
  await rows().filter({ hasText: '·were' }).click();
  await workbench.page.keyboard.press('ControlOrMeta+1'); // Focus First Editor Group
  await statusBarItem(workbench, 'Ln 3, Col 15 (5 selected)').waitFor();
});

test('what the model preferred replaces a token, and one undo takes it back', async () => {
  const workbench = vscode();
  await content().locator('.heat-text [data-token="2"]').hover();
  const preferred = content()
    .getByRole('button', { name: /^Replace with/ })
    .first();
  await preferred.waitFor();
  await shot(workbench, 'card');
  await preferred.click();
  await expect.poll(lineThree).not.toBe(sentence);
  await content().locator('.notice.stale').waitFor();
  await workbench.page.keyboard.press('ControlOrMeta+1');
  await workbench.page.keyboard.press('ControlOrMeta+Z');
  await expect.poll(lineThree).toBe(sentence);
  await content().locator('.notice.stale').waitFor({ state: 'detached' });
});

test.each([
  ['CSV', 'Export the table as CSV', (text: string) => expect(text.split('\r\n')[0]).toMatch(/^text,id,token,/)],
  ['JSON', 'Export all results as JSON', (text: string) => expect(JSON.parse(text).results).toHaveLength(4)],
])('results are written as %s', async (format, button, holds) => {
  const workbench = vscode();
  const file = path.join(workbench.folder, `film-sentences.txt.tokens.${format.toLowerCase()}`);
  await content().getByRole('button', { name: button }).click();
  await chooseFile(workbench);
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).not.toBe('');
  holds(await readFile(file, 'utf8'));
});

test('the table is copied', async () => {
  await content().getByRole('button', { name: 'Copy the table' }).click();
  await statusBarItem(vscode(), 'Copied 6 tokens').waitFor();
});

test('all comes back after a reload of the window', async () => {
  const workbench = vscode();
  const before = await content().locator('.text-row').allInnerTexts();
  await reload(workbench);
  await content().locator('.text-row').nth(3).waitFor();
  expect(await content().locator('.text-row').allInnerTexts()).toEqual(before);
  await content().locator('.figure.perplexity').waitFor();
  await expect.poll(heat).toBeGreaterThanOrEqual(8);
  await shot(workbench, 'reloaded');
});
