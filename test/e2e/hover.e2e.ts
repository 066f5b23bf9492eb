import { expect, test } from 'vitest';
import { hoverAt, openFile, placeCursor, runCommand, shot, statusBarItem } from '../host/page.ts';
import { scenario } from './scenario.ts';

const vscode = scenario('hover', { theme: 'dark' });
const hovers = () => vscode().page.locator('.monaco-hover:not(.hidden) .monaco-hover-content');
const line = async (text: string) =>
  ((await vscode().page.locator('.view-line', { hasText: text }).first().textContent()) ?? '').replaceAll(
    '\u00a0',
    ' ',
  );

test('ten next tokens, and which one stands there', async () => {
  const workbench = vscode();
  await openFile(workbench, 'hovering.txt');
  const hover = await hoverAt(workbench, 'watery', 3);
  await hover.getByText('likeliest').waitFor();
  await shot(workbench, 'next');
  expect(await hover.locator('tbody tr').count()).toBe(10);
  expect(await hover.locator('thead').innerText()).toMatch(/\d+\w\w likeliest\s+[\d.]+ %\s+·water\s+1660/);
});

test('a click inserts a token, closes the hover, and one undo takes it back', async () => {
  const workbench = vscode();
  await openFile(workbench, 'film-sentences.txt');
  const before = await line('movie were');
  const hover = await hoverAt(workbench, before, 12);
  const token = hover.locator('tbody a', { hasText: /^·[a-z]+$/ }).first();
  const word = (await token.innerText()).slice(1);
  await token.click();
  await expect.poll(() => line(`movie ${word} were`)).toBe(before.replace(' were', ` ${word} were`));
  await hovers().first().waitFor({ state: 'hidden' });
  await placeCursor(workbench, 'The movies were');
  await workbench.page.keyboard.press('ControlOrMeta+Z');
  await expect.poll(() => line('movie were')).toBe(before);
});

test('where heat stands, one hover tells the score and what comes next', async () => {
  const workbench = vscode();
  await openFile(workbench, 'film-sentences.txt');
  await placeCursor(workbench, 'The movie were full of surprises', 3);
  await runCommand(workbench, 'LM Lab: Score Perplexity');
  await statusBarItem(workbench, 'starter · cpu').waitFor();
  await expect.poll(() => workbench.page.locator('.view-line span[class*="ced-"]').count()).toBeGreaterThan(1);
  const hover = await hoverAt(workbench, 'The movie were full of surprises', 28);
  await hover.getByText('given its scored text alone').waitFor();
  await hover.getByText('given all before it').waitFor();
  await shot(workbench, 'merged');
});

test('the hover can be switched off and on', async () => {
  const workbench = vscode();
  await runCommand(workbench, 'LM Lab: Toggle Next-Token Hover');
  await statusBarItem(workbench, 'next-token hover off').waitFor();
  const hover = await hoverAt(workbench, 'The movie were full of surprises', 28);
  await hover.getByText('given its scored text alone').waitFor();
  expect(await hovers().getByText('given all before it').count()).toBe(0);
  await runCommand(workbench, 'LM Lab: Toggle Next-Token Hover');
  await statusBarItem(workbench, 'next-token hover on').waitFor();
});
