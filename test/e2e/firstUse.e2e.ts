import { expect, test } from 'vitest';
import { contextMenu, hoverAt, openFile, panel, selectText, shot, statusBarItem } from '../host/page.ts';
import { scenario } from './scenario.ts';

const sentence = 'The movie were full of surprises';
const vscode = scenario('first-use');

const refused: string[] = [];

test('the starter model is chosen', async () => {
  vscode().page.on('console', message => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text());
  });
  await openFile(vscode(), 'film-sentences.txt');
  await statusBarItem(vscode(), 'starter').waitFor();
});

test('a right-click on a sentence gives its perplexity', async () => {
  const workbench = vscode();
  await openFile(workbench, 'film-sentences.txt');
  await selectText(workbench, sentence);
  const menu = await contextMenu(workbench, sentence);
  await shot(workbench, 'menu');
  await menu.choose('Score Perplexity');
  const content = panel(workbench).locator('body');
  await content
    .getByText(/perplexity/i)
    .first()
    .waitFor();
  await shot(workbench, 'panel');
  expect(await content.innerText()).toMatch(/perplexity\s+[\d,.]+/i);
});

test('a hover shows what the model expects next', async () => {
  const workbench = vscode();
  await openFile(workbench, 'hovering.txt');
  const hover = await hoverAt(workbench, 'watery');
  await hover.getByText('%').first().waitFor();
  await shot(workbench, 'hover');
  expect((await hover.innerText()).match(/%/g)?.length).toBeGreaterThanOrEqual(10);
});

test('nothing was refused by the content security policy of the panel', () => {
  expect(refused).toEqual([]);
});

test('nothing outside this machine was asked for', () => {
  expect(vscode().outsideRequests).toEqual([]);
});
