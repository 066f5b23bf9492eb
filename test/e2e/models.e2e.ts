import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  chooseFile,
  notification,
  openFile,
  openSideBar,
  panel,
  pick,
  placeCursor,
  runCommand,
  shot,
  statusBarItem,
} from '../host/page.ts';
import { root } from '../host/paths.ts';
import { type Fault, startHub } from '../unit/models/fakeHub.ts';
import { scenario } from './scenario.ts';

const starter = path.join(root, 'models', 'starter');
const names = ['config.json', 'tokenizer.json', 'model.safetensors'];
const files = Object.fromEntries(
  await Promise.all(names.map(async name => [name, await readFile(path.join(starter, name))] as const)),
);
const weights = files['model.safetensors'] as Buffer;
const hub = await startHub(files, afterAll);

const folder = await mkdtemp(path.join(os.tmpdir(), 'lm-lab-models-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const vscode = scenario('models', { machineSettings: { 'lmLab.huggingFace.endpoint': hub.endpoint } });
const view = () => vscode().page.locator('.part.sidebar');
const row = (name: string) => view().getByRole('treeitem', { name: new RegExp(`^${name}\\b`) });
const content = () => panel(vscode()).locator('body');

/** The starter with one layer less: another model, whose figures are others. */
async function shallowModel(): Promise<string> {
  const copy = path.join(folder, 'five-layers');
  await cp(starter, copy, { recursive: true });
  const config = JSON.parse(await readFile(path.join(starter, 'config.json'), 'utf8'));
  await writeFile(path.join(copy, 'config.json'), JSON.stringify({ ...config, n_layer: 5 }));
  return copy;
}

async function startDownload(): Promise<void> {
  await runCommand(vscode(), 'LM Lab: Download Model');
  await pick(vscode(), 'lab/tiny');
}

test('the starter is there, and the real GPT-2 is offered', async () => {
  await openSideBar(vscode(), 'LM Lab');
  await row('starter').waitFor();
  await view().getByText('Get the real GPT-2').waitFor();
});

test('a folder that is no GPT-2 is refused by name', async () => {
  const llama = path.join(folder, 'llama');
  await mkdir(llama);
  await writeFile(path.join(llama, 'config.json'), '{"model_type": "llama"}');
  await runCommand(vscode(), 'LM Lab: Import Model Folder');
  await chooseFile(vscode(), `${llama}/`);
  const told = await notification(vscode(), 'model_type is "llama"');
  await shot(vscode(), 'refused');
  await told.getByRole('button', { name: 'Choose Another Folder' }).waitFor();
  await runCommand(vscode(), 'Notifications: Clear All Notifications');
});

test('a model folder is imported and compared with the starter', async () => {
  await runCommand(vscode(), 'LM Lab: Import Model Folder');
  await chooseFile(vscode(), `${await shallowModel()}/`);
  await row('five-layers, active').waitFor();
  await openFile(vscode(), 'film-sentences.txt');
  await placeCursor(vscode(), 'The movie was full of surprises', 3);
  await runCommand(vscode(), 'LM Lab: Score Perplexity');
  await content().locator('.figures').first().waitFor();
  await content().getByLabel('Second model to compare with').click();
  await content().getByRole('option', { name: 'starter' }).last().click();
  await content().locator('.figures.second').waitFor();
  await shot(vscode(), 'compared');
  const [own, other] = await content().locator('.figure.perplexity b').allInnerTexts();
  expect(Number(other)).toBeLessThan(Number(own));
});

test('a precision is chosen: the list, the status bar and the scores tell it, and f32 is had back', async () => {
  const scoredIn = async (precision: string, places: readonly string[]): Promise<number> => {
    await runCommand(vscode(), 'LM Lab: Choose Precision');
    for (const step of ['five-layers', precision]) await pick(vscode(), step);
    await statusBarItem(vscode(), new RegExp(`five-layers · ${places[0]}$`)).waitFor();
    await content().getByRole('button', { name: 'Score again' }).click();
    await expect.poll(() => content().locator('.device').allInnerTexts()).toEqual(places);
    return Number(await content().locator('.figures:not(.second) .perplexity b').innerText());
  };
  const inBlocks = await scoredIn('int8', ['cpu int8', 'cpu']);
  await view()
    .getByRole('treeitem', { name: /^five-layers, .*\bint8\b/ })
    .waitFor();
  await shot(vscode(), 'int8');
  const exact = await scoredIn('f32', ['cpu', 'cpu']);
  expect(Math.abs(inBlocks / exact - 1)).toBeLessThan(0.02);
});

test('the device report tells where each node of a model ran', async () => {
  await runCommand(vscode(), 'LM Lab: Show Device Report');
  await pick(vscode(), 'five-layers');
  const lines = vscode().page.locator('.editor-group-container.active .monaco-editor .view-line');
  await lines.filter({ hasText: /All\s\d+\snodes\sran\son\sthe\sCPU/ }).waitFor();
  await lines.filter({ hasText: /LayerNormalization:\s11/ }).waitFor();
  await shot(vscode(), 'device-report');
});

test('a model in use is removed: the starter takes its place, and its folder stays', async () => {
  await row('five-layers').hover();
  await row('five-layers').getByRole('button', { name: 'Remove Model' }).click();
  const dialog = vscode().page.getByRole('dialog');
  await dialog.getByText('Its folder stays as it is').waitFor();
  await shot(vscode(), 'remove');
  await dialog.getByRole('button', { name: 'Remove from List' }).click();
  await row('starter, active').waitFor();
  expect(await row('five-layers').count()).toBe(0);
  expect(await readFile(path.join(folder, 'five-layers', 'config.json'), 'utf8')).toContain('gpt2');
});

/** The store sends so many bytes from where it is asked to begin, then nothing more, or cuts the connection. */
const partly =
  (bytes: number, then: 'silence' | 'cut'): Fault =>
  ({ server, headers }, response) => {
    if (server !== 'store') return false;
    const from = Number(/\d+/.exec(headers.range ?? '')?.[0] ?? 0);
    const range = from > 0 && { 'content-range': `bytes ${from}-${weights.length - 1}/${weights.length}` };
    response.writeHead(range ? 206 : 200, { 'content-length': weights.length - from, ...range });
    response.write(weights.subarray(from, from + bytes), () => then === 'cut' && response.destroy());
    return true;
  };

test('a download is cancelled', async () => {
  hub.fault = partly(4_000_000, 'silence');
  await startDownload();
  const progress = await notification(vscode(), /lab\/tiny: .*[\d.]+ MB of 27 MB/);
  await row('lab/tiny').waitFor();
  await shot(vscode(), 'downloading');
  await progress.hover();
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await row('lab/tiny').waitFor({ state: 'detached' });
});

test('it goes on where it was, over a cut connection', async () => {
  let cuts = 1;
  hub.fault = (request, response) =>
    request.server === 'store' && cuts-- > 0 && partly(6_000_000, 'cut')(request, response);
  await startDownload();
  await row('tiny, active').waitFor();
  await statusBarItem(vscode(), 'tiny').waitFor();
  await shot(vscode(), 'downloaded');
  const begun = hub.seen.filter(({ server }) => server === 'store').map(({ headers }) => headers.range);
  const [first, second, third] = begun.map(range => Number(/\d+/.exec(range ?? '')?.[0] ?? 0));
  expect(first).toBe(0);
  expect(second).toBeGreaterThan(0);
  expect(third).toBeGreaterThan(second as number);
});

test('what the hub refuses is told with what can be done', async () => {
  hub.fault = (request, response) => {
    if (request.server !== 'hub') return false;
    response.writeHead(403, { 'x-error-code': 'GatedRepo' }).end();
    return true;
  };
  await runCommand(vscode(), 'LM Lab: Download Model');
  await pick(vscode(), 'lab/gated');
  const told = await notification(vscode(), 'is gated');
  await told.getByRole('button', { name: 'Set Token' }).waitFor();
  await told.getByRole('button', { name: 'Try Again' }).waitFor();
  await shot(vscode(), 'gated');
});
