/**
 * Using the workbench as a person would. Everything waits until what it did can be seen, and fails with
 * playwright's own message where it cannot.
 */
import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench.ts';

export { changeSettings, openWorkbench, reload, setSize, setTheme, shot, type Workbench } from './workbench.ts';

/** Opens a file of the folder, by its path in it, through Go to File. */
export async function openFile({ page }: Workbench, file: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+P');
  await quickInput(page).fill(file);
  const name = file.split('/').at(-1) ?? file;
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: name }).first().click();
  await page.locator('.editor-group-container.active .tab.active', { hasText: name }).waitFor();
  await page.locator('.editor-group-container.active .monaco-editor .view-line').first().waitFor();
}

/**
 * Runs a command from the palette by its title, as `LM Lab: Score Perplexity`. The palette lists the commands that there
 * are when it is asked: those of an extension that is still being started come later, so it is asked again.
 */
export async function runCommand({ page }: Workbench, title: string): Promise<void> {
  const option = page.getByRole('option', { name: new RegExp(`^${escaped(title)}`) }).first();
  for (let attempts = 0; ; attempts++) {
    await page.keyboard.press('F1');
    await quickInput(page).fill(`>${title}`);
    const listed = await option.waitFor({ timeout: attempts < 9 ? 3000 : 30_000 }).then(
      () => true,
      () => attempts === 9,
    );
    if (listed) return option.click();
    await page.keyboard.press('Escape');
  }
}

/** Types into the quick input that is open and takes the first row that shows it. */
export async function pick({ page }: Workbench, text: string): Promise<void> {
  await quickInput(page).fill(text);
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: text }).first().click();
}

/** Confirms the file dialog that opens, with another path typed into it if one is given. */
export async function chooseFile({ page }: Workbench, file?: string): Promise<void> {
  const dialog = page.locator('.quick-input-widget');
  // It writes a path of its own while it opens, and has done so when it lists the folder.
  await dialog.locator('.monaco-list-row', { hasText: /^\.\.$/ }).waitFor();
  if (file !== undefined) await quickInput(page).fill(file);
  // It ignores a key that comes while it reads the folder.
  for (let attempts = 0; await dialog.isVisible(); attempts++) {
    if (attempts === 20) throw new Error(`The file dialog did not take ${file ?? 'what it offered'}.`);
    await quickInput(page).press('Enter');
    await dialog.waitFor({ state: 'hidden', timeout: 1000 }).catch(() => undefined);
  }
}

/**
 * Where a place of the text is on the screen: after `offset` UTF-16 units of the first row that shows `text`.
 * A row of a wrapped line counts by itself.
 */
export async function positionOf({ page }: Workbench, text: string, offset = 0): Promise<{ x: number; y: number }> {
  const row = page.locator('.editor-group-container.active .monaco-editor .view-line', { hasText: text }).first();
  await row.waitFor();
  return row.evaluate(
    (line, [text, offset]) => {
      let left = (line.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(text) + offset;
      const page = line.ownerDocument;
      const textNodes = page.createTreeWalker(line, 4);
      for (let node = textNodes.nextNode(); node; node = textNodes.nextNode()) {
        const length = node.textContent?.length ?? 0;
        if (left > length) {
          left -= length;
          continue;
        }
        const range = page.createRange();
        range.setStart(node, Math.max(0, left - 1));
        range.setEnd(node, Math.max(1, left));
        const box = range.getBoundingClientRect();
        return { x: left === 0 ? box.left : box.right, y: box.top + box.height / 2 };
      }
      throw new Error(`The row has fewer than ${offset} characters after "${text}".`);
    },
    [text, offset] as const,
  );
}

/** Puts the cursor after `offset` units of the text (absent: at its end), by a click. */
export async function placeCursor(workbench: Workbench, text: string, offset = text.length): Promise<void> {
  const { x, y } = await positionOf(workbench, text, offset);
  await workbench.page.mouse.click(x, y);
}

/** Selects a text within one row by dragging over it; `add` keeps what is selected already. */
export async function selectText(workbench: Workbench, text: string, how: { add?: boolean } = {}): Promise<void> {
  const { page } = workbench;
  const from = await positionOf(workbench, text);
  const to = await positionOf(workbench, text, text.length);
  if (how.add) await page.keyboard.down('Alt');
  await page.mouse.move(from.x + 0.5, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, to.y, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
  if (how.add) await page.keyboard.up('Alt');
  await page.locator('.statusbar-item', { hasText: how.add ? 'selections' : `${text.length} selected` }).waitFor();
}

/** Right-clicks on a text and returns the menu; `choose` takes an item of it by name. */
export async function contextMenu(workbench: Workbench, text: string): Promise<Menu> {
  const { x, y } = await positionOf(workbench, text, Math.floor(text.length / 2));
  await workbench.page.mouse.click(x, y, { button: 'right' });
  const items = workbench.page.getByRole('menuitem');
  await items.first().waitFor();
  return { items, choose: name => items.filter({ hasText: name }).first().click() };
}

export interface Menu {
  readonly items: Locator;
  choose(name: string): Promise<void>;
}

/**
 * Rests the mouse over a text (its middle, or after `offset` units) until a hover shows, and returns the hover.
 * It clicks there first: no hover shows while a panel has the focus, nor after a context menu, which keeps the
 * release of the button to itself.
 */
export async function hoverAt(workbench: Workbench, text: string, offset?: number): Promise<Locator> {
  const { page } = workbench;
  const { x, y } = await positionOf(workbench, text, offset ?? Math.floor(text.length / 2));
  await page.mouse.click(x, y);
  await page.mouse.move(x, y + 80);
  await page.mouse.move(x, y, { steps: 3 });
  const hover = page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first();
  await hover.waitFor();
  return hover;
}

/** Gives the active editor the keyboard, without moving its cursor. */
export async function focusEditor({ page }: Workbench): Promise<void> {
  const input = page.locator('.editor-group-container.active .monaco-editor').first();
  await input.locator('.native-edit-context, textarea.inputarea').first().focus();
}

/** The inside of a panel (the one in sight). A webview's content is two frames deep. */
export function panel({ page }: Workbench): FrameLocator {
  return page.frameLocator('iframe.webview.ready:visible').last().frameLocator('#active-frame');
}

/** A notification with this text. None is ever shown where the smoke test driver is on. */
export async function notification({ page }: Workbench, text: string | RegExp): Promise<Locator> {
  const toast = page.locator('.notification-toast', { hasText: text }).first();
  await toast.waitFor();
  return toast;
}

/** Waits until the cursor is in a line of the editor, whether or not the editor has the focus: the status bar tells it only then. */
export async function cursorInLine({ page }: Workbench, line: string | number): Promise<void> {
  const active = page.locator('.line-numbers.active-line-number');
  await active.filter({ hasText: new RegExp(`^${String(line).replaceAll(',', '')}$`) }).waitFor();
}

/** The item of the status bar with this text. */
export function statusBarItem({ page }: Workbench, text: string | RegExp): Locator {
  return page.locator('.statusbar-item', { hasText: text }).first();
}

/** Opens a container of the activity bar, such as `LM Lab`, and returns the side bar. */
export async function openSideBar({ page }: Workbench, name: string): Promise<Locator> {
  await page.locator('.activitybar').getByRole('tab', { name }).first().click();
  const sideBar = page.locator('.part.sidebar');
  await sideBar.locator('.composite.title', { hasText: new RegExp(escaped(name), 'i') }).waitFor();
  return sideBar;
}

const quickInput = (page: Workbench['page']) => page.locator('.quick-input-widget .quick-input-filter input').first();
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
