import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { chooseFile, openSideBar, panel, setTheme, shot, statusBarItem } from '../host/page.ts';
import { makeRun, REQUEST, RUNS } from '../host/runFolders.ts';
import { createRun } from '../../src/protocol/run/create.ts';
import { scenario } from './scenario.ts';

const vscode = scenario('training-curves', { viewport: { width: 1400, height: 1000 } });
const runsFolder = (): string => path.join(vscode().folder, '.lm-lab', 'runs');
const view = () => vscode().page.locator('.part.sidebar');
const row = (name: string) => view().getByRole('treeitem', { name: new RegExp(`^${name}\\b`) });
const page = () => panel(vscode());
const plot = (title: string) => page().locator('lm-plot', { has: page().locator('h3', { hasText: title }) });

beforeAll(async () => {
  for (const run of RUNS) await makeRun(runsFolder(), run);
});

test('the Runs view tells the state of each run, and the status bar how far training is', async () => {
  await openSideBar(vscode(), 'LM Lab');
  for (const [name, told] of [
    ['sms-all-layers', 'accuracy 97.7 %'],
    ['sms-mean-pooling', '12 % · 18 min left'],
    ['instruction-data-sft', 'failed after step 45'],
    ['gone', 'trainer gone'],
  ] as const) {
    await row(name).getByText(told).waitFor();
  }
  await statusBarItem(vscode(), 'sms-mean-pooling · 12 %').waitFor();
  await shot(vscode(), 'runs');
});

test('curves of a run: what each line has where the mouse is, and the samples of a point', async () => {
  await row('sms-all-layers').click();
  await plot('Loss').locator('canvas').waitFor();
  expect(await page().locator('lm-plot h3').allInnerTexts()).toEqual([
    'Loss',
    'Accuracy',
    'Learning rate',
    'Gradient norm',
    'Tokens per second',
  ]);
  const atEnd = await plot('Loss').locator('.keys').innerText();
  const box = await plot('Loss').locator('.u-over').boundingBox();
  await plot('Loss')
    .locator('.u-over')
    .hover({ position: { x: (box?.width ?? 0) / 4, y: 40 } });
  await expect.poll(() => plot('Loss').locator('.keys').innerText()).not.toBe(atEnd);
  await plot('Loss')
    .locator('.u-over')
    .click({ position: { x: 4, y: 40 } });
  await page()
    .locator('.chosen-point b', { hasText: /^Step \d+/ })
    .waitFor();
  await page().getByText('The film is a film').waitFor();
  await page().getByText('The car is as fast as lightning.').waitFor();
  await shot(vscode(), 'point');
  await page().getByRole('button', { name: 'Choose no point' }).click();
});

test('by keyboard: along the curve, into it and out again', async () => {
  const slider = page().getByRole('slider', { name: /^Loss/ });
  await slider.focus();
  await slider.press('Home');
  await expect.poll(() => slider.getAttribute('aria-valuetext')).toMatch(/^1: train .*validation/);
  await slider.press('End');
  await expect.poll(() => slider.getAttribute('aria-valuetext')).toMatch(/^655: train/);
  await slider.press('+');
  const whole = page().getByRole('button', { name: 'Show all of it' });
  await expect.poll(() => whole.isEnabled()).toBe(true);
  await slider.press('0');
  await expect.poll(() => whole.isEnabled()).toBe(false);
});

test('runs over each other: their figures beside each other, and the settings that differ', async () => {
  await page().getByRole('button', { name: 'Draw another run' }).click();
  await page()
    .getByRole('menuitem', { name: /sms-last-block/ })
    .click();
  await plot('Loss').locator('.by-run .run-name', { hasText: 'sms-last-block' }).waitFor();
  await page().getByRole('tab', { name: 'Settings compared' }).click();
  const differing = page().locator('table.settings').first();
  await expect
    .poll(() => differing.locator('th[scope=row]').allInnerTexts())
    .toEqual(['training.learningRate', 'trainable.layers', 'trainable.layers.last']);
  await setTheme(vscode(), 'dark');
  await shot(vscode(), 'compared');
});

test('a figure for a paper is saved as vectors', async () => {
  const file = path.join(vscode().folder, 'curves.svg');
  await page().getByRole('button', { name: 'Export the curves' }).click();
  await page().getByRole('menuitem', { name: 'SVG' }).click();
  await chooseFile(vscode(), file);
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain('</svg>');
  const figure = await readFile(file, 'utf8');
  expect(figure).toContain('>Gradient norm</text>');
  expect(figure).toMatch(/<path d="M[^"]{500,}" fill="none" stroke="#0072b2"/);
  expect(figure).not.toContain('<image');
});

test('a run that failed says why, and what can be done', async () => {
  await row('instruction-data-sft').click();
  const alert = page().getByRole('alert');
  await alert.getByText('The loss became NaN at step 46.').waitFor();
  await alert.getByText('Lower training.learningRate').waitFor();
  expect(await alert.getByRole('button').allInnerTexts()).toEqual(['Open run.json', 'Start again', 'Open log']);
  await shot(vscode(), 'failed');
});

test('a run is started, followed to its end over a reload, and its model used', async () => {
  const { page: window, folder } = vscode();
  const training = { ...REQUEST.training, epochs: 1, maxSteps: 60, maxLength: 48, checkpointEvery: 20 };
  const request = {
    ...REQUEST,
    dataset: { file: path.join(folder, 'sms-spam.tsv'), steps: [{ take: 200 }] },
    training,
    trainable: { layers: { last: 1 } },
    threads: 1,
  };
  await createRun({ request, base: folder, runsFolder: runsFolder(), at: new Date('2026-11-21T00:00:00Z') });
  const mine = row('sms-spam-classification, not started');
  await mine.hover();
  await mine.getByRole('button', { name: 'Start or Resume' }).click();
  await page().locator('.run-state.running').waitFor();
  await window.waitForTimeout(6000); // the workbench writes its open tabs down every five seconds
  await window.reload();
  await page().locator('.run-state.finished').waitFor();
  await plot('Loss').locator('canvas').waitFor();
  await page().getByRole('tab', { name: 'Results' }).click();
  await page().locator('.confusion').first().waitFor();
  await shot(vscode(), 'finished');
  await page().getByRole('button', { name: 'List its model' }).click();
  await statusBarItem(vscode(), 'sms-spam-classification').waitFor();
});

async function deleteFromMenu(run: string): Promise<void> {
  const { page: window } = vscode();
  const item = window.getByRole('menuitem', { name: 'Delete Run' });
  await row(run).click({ button: 'right' });
  await item.waitFor();
  await window.waitForTimeout(500); // in its first moments a menu takes no click, so that the one that opened it is none
  await item.click();
}

test('deleting a run whose model is in use asks before', async () => {
  await deleteFromMenu('sms-spam-classification, finished');
  const dialog = vscode().page.getByRole('dialog');
  await dialog.getByText('goes from the models list with it').waitFor();
  await shot(vscode(), 'delete');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await row('sms-spam-classification, finished').waitFor();
});

test('a run that is deleted is gone, after asking where there is no trash', async () => {
  await deleteFromMenu('few-steps');
  const dialog = vscode().page.getByRole('dialog');
  const sure = dialog.getByRole('button', { name: 'Delete Permanently' });
  await Promise.race([sure.click(), row('few-steps').waitFor({ state: 'detached' })]);
  await row('few-steps').waitFor({ state: 'detached' });
});

test('nothing outside this machine was asked for', () => {
  expect(vscode().outsideRequests).toEqual([]);
});
