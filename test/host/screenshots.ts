/** npm run screenshots: takes the README's pictures, docs/images/*.png, of the extension in a real VS Code. */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
  pick,
  placeCursor,
  positionOf,
  runCommand,
  selectText,
  type Workbench,
} from './page.ts';
import { root } from './paths.ts';
import { createRun } from '../../src/protocol/run/create.ts';
import type { RunRequest } from '../../src/protocol/run/spec.ts';
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
  { name: 'fine-tune', theme: 'light', size: { width: 1100, height: 760 }, show: fineTune },
  { name: 'dataset', theme: 'light', size: { width: 1200, height: 800 }, show: dataset },
  { name: 'annotate', theme: 'dark', size: { width: 1100, height: 560 }, show: annotate },
  { name: 'models-dark', theme: 'dark', size: { width: 1000, height: 560 }, show: models },
  { name: 'evaluation', theme: 'light', size: { width: 1200, height: 800 }, show: evaluation },
  { name: 'training-curves', theme: 'light', size: { width: 1200, height: 860 }, show: trainingCurves },
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

/** The form over a request for the spam messages, with what it would take laid open. */
async function fineTune(workbench: Workbench): Promise<undefined> {
  await openFile(workbench, 'sms-spam.tsv');
  await toggleSideBar(workbench);
  await runCommand(workbench, 'LM Lab: Fine-tune on Current Dataset File');
  for (const step of ['Classification', 'starter', 'Open the Form']) await pick(workbench, step);
  const form = panel(workbench);
  await form.getByRole('radio', { name: 'Last blocks' }).check();
  await form.locator('#field-training-learningRate').fill('3e-4');
  await form.locator('.estimate-line').click();
  await form.locator('.estimates:not(.counting) .estimate-details').waitFor();
  await form.locator('[data-path="dataset.columns"]').scrollIntoViewIfNeeded();
  await stillMouse(workbench);
}

/** Instructions: their lengths, their split, and a row as the model is given it. */
async function dataset(workbench: Workbench): Promise<undefined> {
  await toggleSideBar(workbench);
  await runCommand(workbench, 'LM Lab: Open Dataset Panel');
  await pick(workbench, 'instruction-data.json');
  const page = panel(workbench);
  await page.getByRole('button', { name: '+ filter' }).click();
  await page.getByLabel('Condition').fill('output | length > 20');
  await page.getByLabel('Condition').press('Enter');
  await page.locator('.rows-after', { hasText: '1,012' }).waitFor();
  await page.getByLabel('max length').fill('80');
  await page.getByLabel('max length').press('Enter');
  await page.locator('.cut').waitFor();
  await page.locator('.rows-grid .grid-row', { hasText: 'synonym' }).first().click();
  await page.locator('.piece.scored').nth(1).waitFor();
  await page.locator('.loading-line').waitFor({ state: 'detached' });
  await stillMouse(workbench);
}

/** Three responses to a prompt, of which one was picked as the best. */
async function annotate(workbench: Workbench): Promise<undefined> {
  await toggleSideBar(workbench);
  await runCommand(workbench, 'LM Lab: Annotate Responses');
  await pick(workbench, 'film-beginnings.jsonl');
  const page = panel(workbench);
  await page.getByLabel('Responses for each prompt').fill('3');
  await page.getByLabel('Responses for each prompt').press('Tab');
  await page.getByRole('radio', { name: 'As in the file' }).check();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.locator('.response.at').press('2');
  await page.locator('.rank').waitFor();
  await page.getByText('2 ready').waitFor();
  await stillMouse(workbench);
}

/** The development rows of SST-2 by a prompt, and those that were taken for the other label. */
async function evaluation(workbench: Workbench): Promise<undefined> {
  await openFile(workbench, 'SST-2/dev.tsv');
  await toggleSideBar(workbench);
  await runCommand(workbench, 'LM Lab: Evaluate on Current Dataset File');
  for (const step of ['Classify by prompt', 'starter', 'Start with the Defaults']) await pick(workbench, step);
  const page = panel(workbench);
  await page.locator('.run-state.finished').waitFor({ timeout: 60_000 });
  await workbench.page.keyboard.press('ControlOrMeta+2');
  await runCommand(workbench, 'View: Toggle Maximize Editor Group');
  await page.locator('.confusion .cell.wrong button').first().click();
  await page.locator('.rows-grid .grid-row.wrong').nth(2).click();
  await page.locator('.row-detail .scores').waitFor();
  await runCommand(workbench, 'Notifications: Clear All Notifications');
  await stillMouse(workbench);
}

/** Two models side by side, as a comparison of a run with its starting model finds them. */
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

/** Two runs on SMS spam over each other, trained for the picture: all layers, and the last block alone. */
async function trainingCurves(workbench: Workbench): Promise<undefined> {
  const file = path.join(workbench.folder, 'sms-spam.tsv');
  const request: RunRequest = {
    method: 'classification',
    model: 'starter',
    dataset: { file, steps: [{ balance: 'column1' }] },
    training: { maxSteps: 200, evaluateEvery: 20, evaluationBatches: 15, maxLength: 96, warmupSteps: 10 },
  };
  const training = { ...request.training, learningRate: 3e-4 };
  await trained(workbench, { ...request, training, trainable: { layers: { last: 1 } } }, 'sms-last-block');
  await trained(workbench, request, 'sms-all-layers');
  await openSideBar(workbench, 'LM Lab');
  const row = (name: RegExp): Locator => workbench.page.getByRole('treeitem', { name });
  await row(/^sms-all-layers, finished/).click();
  const page = panel(workbench);
  await page.getByRole('button', { name: 'Draw another run' }).click();
  await page.getByRole('menuitem', { name: /sms-last-block/ }).click();
  await page.locator('lm-plot .by-run .run-name', { hasText: 'sms-last-block' }).first().waitFor();
  await page.getByRole('slider', { name: 'Smoothing' }).fill('0.9');
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.locator('.confusion').first().waitFor();
  await toggleSideBar(workbench);
  await stillMouse(workbench);
}

/** Trains a run to its end, as the editor does, and gives its folder a name. */
async function trained({ folder }: Workbench, request: RunRequest, name: string): Promise<void> {
  const runsFolder = path.join(folder, '.lm-lab', 'runs');
  const run = await createRun({ request, base: folder, runsFolder });
  const { status } = spawnSync(process.execPath, [path.join(root, 'dist', 'trainer.cjs'), run], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`The run for the picture ended with exit code ${status}.`);
  await rename(run, path.join(runsFolder, name));
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
