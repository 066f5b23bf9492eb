/** npm run screenshots: takes the README's pictures, docs/images/*.png, of the extension in a real VS Code. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import {
  chooseFile,
  focusEditor,
  hoverAt,
  openFile,
  openSideBar,
  openWorkbench,
  panel,
  placeCursor,
  positionOf,
  runCommand,
  selectText,
  type Workbench,
} from './page.ts';
import { root } from './paths.ts';
import type { Theme } from './settings.ts';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Picture {
  readonly name: string;
  readonly theme: Theme;
  readonly size: { readonly width: number; readonly height: number };
  /** Uses the window until it shows what the picture is of; returns the part of it that is taken, or all. */
  readonly show: (workbench: Workbench) => Promise<Box | undefined>;
}

const folder = path.join(root, 'docs', 'images');

/** A window without what a picture of LM Lab does not need. */
const settings = {
  'workbench.layoutControl.enabled': false,
  'window.commandCenter': false,
  'editor.renderLineHighlight': 'none',
  'editor.renderWhitespace': 'none',
  'editor.scrollbar.vertical': 'hidden',
  'editor.overviewRulerBorder': false,
  'editor.hideCursorInOverviewRuler': true,
  'breadcrumbs.enabled': false,
  'workbench.editor.empty.hint': 'hidden',
};

const pictures: readonly Picture[] = [
  { name: 'score-dark', theme: 'dark', size: { width: 1040, height: 640 }, show: scoreOfParagraphs },
  { name: 'hover-light', theme: 'light', size: { width: 1000, height: 700 }, show: hover },
  { name: 'panel-narrow-hc', theme: 'highContrast', size: { width: 860, height: 800 }, show: narrowPanel },
  { name: 'compare-light', theme: 'light', size: { width: 1200, height: 560 }, show: comparison },
  { name: 'generations-dark', theme: 'dark', size: { width: 1200, height: 800 }, show: generations },
  { name: 'chat-light', theme: 'light', size: { width: 1100, height: 640 }, show: chat },
  { name: 'models-dark', theme: 'dark', size: { width: 1000, height: 560 }, show: models },
];

await mkdir(folder, { recursive: true });
const chosen = process.argv.slice(2);
for (const { name, theme, size, show } of pictures.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
  // A README's column is some 840 pixels wide: twice that is as much as a fine screen shows.
  const scale = size.width > 1000 ? 1.5 : 2;
  const workbench = await openWorkbench({ name: 'pictures', viewport: size, theme, settings, scale });
  try {
    const clip = await show(workbench);
    const file = path.join(folder, `${name}.png`);
    await workbench.page.screenshot({ path: file, ...(clip && { clip }) });
    console.log(path.relative(root, file));
  } finally {
    await workbench.close();
  }
}

async function scoreOfParagraphs(workbench: Workbench): Promise<undefined> {
  await openFile(workbench, 'hovering.txt');
  await toggleSideBar(workbench);
  await scoreAll(workbench);
  await placeCursor(workbench, 'Rest the mouse');
  await panel(workbench).getByRole('button', { name: 'Close this notice' }).click();
  await panel(workbench).locator('.text-row').last().click();
  await stillMouse(workbench);
}

async function hover(workbench: Workbench): Promise<Box> {
  await openFile(workbench, 'hovering.txt');
  await toggleSideBar(workbench);
  const shown = await hoverAt(workbench, 'watery', 3);
  await shown.getByText('likeliest').waitFor();
  const hover = await boxOf(shown);
  await dragDown(workbench, { x: hover.x + hover.width / 2, y: hover.y + hover.height + 1 }, 84);
  const editor = await boxOf(workbench.page.locator('.editor-group-container').first());
  return { ...editor, height: hover.y + hover.height + 84 + 24 - editor.y };
}

/** A hover is made higher by its lower edge: then all that it holds is in sight. */
async function dragDown({ page }: Workbench, { x, y }: { x: number; y: number }, pixels: number): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + pixels, { steps: 8 });
  await page.mouse.up();
}

async function narrowPanel(workbench: Workbench): Promise<Box> {
  await openFile(workbench, 'film-sentences.txt');
  await toggleSideBar(workbench);
  await scoreAll(workbench);
  await placeCursor(workbench, 'The movie were full of surprises', 12);
  await stillMouse(workbench);
  return boxOf(workbench.page.locator('.editor-group-container').last());
}

/** The starter beside itself without its last layer. */
async function comparison(workbench: Workbench): Promise<undefined> {
  const { page } = workbench;
  const models = await mkdtemp(path.join(os.tmpdir(), 'lm-lab-models-'));
  await importShallow(workbench, models);
  await openFile(workbench, 'film-sentences.txt');
  await toggleSideBar(workbench);
  await scoreAll(workbench);
  await panel(workbench).getByLabel('Second model to compare with').click();
  await panel(workbench).getByRole('option', { name: 'starter' }).last().click();
  await panel(workbench).locator('.figures.second').waitFor();
  await page.keyboard.press('ControlOrMeta+2');
  await runCommand(workbench, 'View: Toggle Maximize Editor Group');
  await stillMouse(workbench);
  await rm(models, { recursive: true });
}

/** Three settings on one prompt, a branch in the first and the beams of the second laid open. */
async function generations(workbench: Workbench): Promise<undefined> {
  await openFile(workbench, 'film-sentences.txt');
  await toggleSideBar(workbench);
  await selectText(workbench, 'The movie was full of');
  await runCommand(workbench, 'LM Lab: Generate from Selection');
  const page = panel(workbench);
  const column = (index: number): Locator => page.locator('.column').nth(index);
  await page.getByRole('textbox', { name: 'Prompt' }).press('Control+Enter');
  await column(2).locator('.figure-list').waitFor();
  await column(0).locator('.token').nth(3).hover();
  await page.locator('.card:popover-open .alternatives button').nth(2).click();
  await column(0).locator('.tree-row').nth(2).waitFor();
  await page.getByRole('button', { name: 'Stop all columns' }).and(page.locator(':disabled')).waitFor();
  await column(1).getByRole('button', { name: /Beams/ }).click();
  await page.getByRole('button', { name: 'Close this notice' }).click();
  await runCommand(workbench, 'View: Toggle Maximize Editor Group');
  await stillMouse(workbench);
}

/** Two turns, and the ids that the model was given for the second. */
async function chat(workbench: Workbench): Promise<undefined> {
  await openFile(workbench, 'film-sentences.txt');
  await toggleSideBar(workbench);
  await runCommand(workbench, 'LM Lab: Open Chat');
  const page = panel(workbench);
  for (const [turn, message] of ['What is a film?', 'And what is it about?'].entries()) {
    await page.getByRole('textbox', { name: 'Message' }).fill(message);
    await page.getByRole('textbox', { name: 'Message' }).press('Enter');
    await page.locator('.turn.assistant .ending').nth(turn).waitFor();
  }
  await page.getByRole('button', { name: 'Close this notice' }).click();
  await stillMouse(workbench);
}

async function models(workbench: Workbench): Promise<undefined> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lm-lab-models-'));
  await importShallow(workbench, folder);
  const row = workbench.page.getByRole('treeitem', { name: /^starter/ });
  await row.hover();
  await row.getByRole('button', { name: 'Show Model Info' }).click();
  await stillMouse(workbench);
  const { page } = workbench;
  const line = page.locator('.view-line', { hasText: 'weight: [50257, 192]' }).first();
  await line.locator('span[class^="mtk"]').nth(2).waitFor(); // it has its colours
  const modules = await positionOf(workbench, 'modules:');
  const first = await positionOf(workbench, 'model:');
  await page.mouse.move(modules.x, modules.y);
  await page.mouse.wheel(0, modules.y - first.y);
  await page.locator('.statusbar-item', { hasText: 'is the active model' }).waitFor({ state: 'detached' });
  await rm(folder, { recursive: true });
}

/** Imports the starter without its last layer, which is another model, and makes it the active one. */
async function importShallow(workbench: Workbench, parent: string): Promise<void> {
  const folder = path.join(parent, 'five-layers');
  await cp(path.join(root, 'models', 'starter'), folder, { recursive: true });
  const config = path.join(folder, 'config.json');
  await writeFile(config, JSON.stringify({ ...JSON.parse(await readFile(config, 'utf8')), n_layer: 5 }));
  await openSideBar(workbench, 'LM Lab');
  await runCommand(workbench, 'LM Lab: Import Model Folder');
  await chooseFile(workbench, `${folder}/`);
  await workbench.page.getByRole('treeitem', { name: /^five-layers, active/ }).waitFor();
}

async function scoreAll(workbench: Workbench): Promise<void> {
  await focusEditor(workbench);
  await workbench.page.keyboard.press('ControlOrMeta+A');
  await runCommand(workbench, 'LM Lab: Score Perplexity');
  await panel(workbench).locator('.figures').waitFor();
}

async function boxOf(element: Locator): Promise<Box> {
  const box = await element.boundingBox();
  if (!box) throw new Error('What the picture is of is not in sight.');
  return box;
}

async function toggleSideBar(workbench: Workbench): Promise<void> {
  await runCommand(workbench, 'View: Toggle Primary Side Bar Visibility');
}

/** The mouse rests where nothing answers to it, and a tooltip that it had caused is gone. */
async function stillMouse({ page }: Workbench): Promise<void> {
  await page.mouse.move(2, 2);
  await page.locator('.workbench-hover, .context-view .monaco-hover').first().waitFor({ state: 'hidden' });
}
