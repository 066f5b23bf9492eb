import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { panel, pick, runCommand, shot } from '../host/page.ts';
import { scenario } from './scenario.ts';

const vscode = scenario('annotate', { viewport: { width: 1200, height: 800 } });
const page = () => panel(vscode());
const prompt = (): Promise<string> => page().locator('.asked .written').innerText();
const press = (key: string): Promise<void> => page().locator('.response.at').press(key);

const judged = async (): Promise<Array<{ prompt: string; responses: string[]; scores?: number[] }>> => {
  const text = await readFile(path.join(vscode().folder, 'film-beginnings.preferences.jsonl'), 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line));
};

/** The starter answers in a moment, or in more where the machine has much to do. */
const WAIT = { timeout: 30_000 };

async function setNumber(label: string, value: string): Promise<void> {
  await page().getByLabel(label).fill(value);
  await page().getByLabel(label).press('Tab');
}

test('three responses are ranked by keys, taken back and passed over, and kept as a file to train on', async () => {
  const workbench = vscode();
  await runCommand(workbench, 'LM Lab: Annotate Responses');
  await pick(workbench, 'film-beginnings.jsonl');
  await setNumber('Responses for each prompt', '3');
  await setNumber('Rows at most', '3');
  await page().getByRole('radio', { name: 'As in the file' }).check();
  await page().getByRole('button', { name: 'Start' }).click();
  await page().locator('.response').nth(2).waitFor(WAIT);
  expect(await prompt()).toBe('The movie was full of');
  const texts = await page().locator('.response .written').allInnerTexts();
  await press('3');
  await page().locator('.rank', { hasText: 'best' }).waitFor();
  await press('1');
  await expect.poll(prompt, WAIT).toBe('The best thing about this film is');
  const ranked = (await judged())[0]?.responses.map(text => text.trim().replaceAll(/\s+/g, ' '));
  expect(ranked).toEqual([2, 0, 1].map(at => texts[at]?.trim().replaceAll(/\s+/g, ' ')));
  await press('u');
  await expect.poll(prompt, WAIT).toBe('The movie was full of');
  expect(await judged()).toEqual([]);
  await press('s');
  await expect.poll(prompt, WAIT).toBe('The best thing about this film is');
  await press('2');
  await shot(workbench, 'one of three picked');
  await page().locator('.rank', { hasText: 'best' }).waitFor(WAIT);
  expect(await prompt()).toBe('The best thing about this film is');
  await press('1');
  await expect.poll(prompt, WAIT).toBe('In the end, the hero');
  await press('Backspace'); // nothing is marked: the last judgement is taken back
  await expect.poll(prompt, WAIT).toBe('The best thing about this film is');
  for (const key of ['1', '2']) await press(key);
  await expect.poll(prompt, WAIT).toBe('In the end, the hero');
  for (const key of ['ArrowRight', 'Enter', 'Enter']) await press(key);
  await page().getByText('All rows were judged or skipped.').waitFor(WAIT);
  expect((await judged()).map(({ prompt }) => prompt)).toEqual([
    'The best thing about this film is',
    'In the end, the hero',
  ]);
  await page().getByRole('button', { name: 'Train with DPO…' }).click();
  await page().locator('#start').waitFor(WAIT);
  await page().locator('#start:not([disabled])').waitFor(WAIT);
});
