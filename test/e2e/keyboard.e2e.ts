import { expect, test } from 'vitest';
import { focusEditor, openFile, panel, shot, statusBarItem } from '../host/page.ts';
import { scenario } from './scenario.ts';

const vscode = scenario('keyboard', { theme: 'highContrast' });
const content = () => panel(vscode()).locator('body');

/** Presses Tab until the element has the focus. */
async function tabTo(selector: string): Promise<void> {
  const target = content().locator(selector);
  for (let tabs = 0; tabs < 40; tabs++) {
    if (await target.evaluate(element => element === element.ownerDocument.activeElement)) return;
    await vscode().page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${selector}.`);
}

test('scored, read and left without a mouse', async () => {
  const { page } = vscode();
  await openFile(vscode(), 'film-sentences.txt');
  await focusEditor(vscode());
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+Alt+P');
  await content().locator('.text-row').nth(3).waitFor();
  await page.keyboard.press('ControlOrMeta+2'); // Focus Second Editor Group
  await tabTo('.text-rows');
  await page.keyboard.press('End');
  await expect.poll(() => content().locator('.text-row.selected').getAttribute('aria-posinset')).toBe('4');
  await tabTo('.grid');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => content().locator('.grid-row.focused').getAttribute('aria-rowindex')).toBe('4');
  await page.keyboard.press('Enter');
  await shot(vscode(), 'revealed');
  await page.keyboard.press('ControlOrMeta+1');
  await statusBarItem(vscode(), /^Ln 4, Col 15 \(4 selected\)/).waitFor();
});

test('the hover opens, and its first token is inserted, by keys', async () => {
  const { page } = vscode();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.press('ControlOrMeta+ArrowLeft');
  await page.keyboard.press('ControlOrMeta+K');
  await page.keyboard.press('ControlOrMeta+I');
  const hover = page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first();
  await hover.locator('tbody a').first().waitFor();
  await page.keyboard.press('ControlOrMeta+K');
  await page.keyboard.press('ControlOrMeta+I');
  await shot(vscode(), 'hover');
  await page.keyboard.press('Tab');
  const link = page.locator('.monaco-hover a:focus');
  await link.waitFor();
  const token = (await link.innerText()).replaceAll('·', ' ').trim();
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => (await page.locator('.view-lines').first().innerText()).replaceAll('\u00a0', ' '))
    .toContain(token);
});
