import { expect, test } from 'vitest';
import { openFile, panel, reload, runCommand, shot, statusBarItem } from '../host/page.ts';
import { scenario } from './scenario.ts';

const vscode = scenario('chat');

/** Writes a message, sends it with Enter, and waits for the end of its reply. */
async function say(text: string, reply: number): Promise<void> {
  const chat = panel(vscode());
  await chat.getByRole('textbox', { name: 'Message' }).fill(text);
  await chat.getByRole('textbox', { name: 'Message' }).press('Enter');
  await chat.locator('.turn.assistant .ending').nth(reply).waitFor();
}

test('the panel opens, and shows what the model would get while one writes', async () => {
  const workbench = vscode();
  await openFile(workbench, 'film-sentences.txt');
  await statusBarItem(workbench, 'starter').waitFor();
  await runCommand(workbench, 'LM Lab: Open Chat');
  const chat = panel(workbench);
  await chat.getByRole('textbox', { name: 'Message' }).fill('What is a film?');
  await chat.locator('.rendered .run.user').waitFor();
  expect(await chat.locator('.rendered .run .text').allInnerTexts()).toEqual([
    'User',
    ':',
    '·What',
    '·is',
    '·a',
    '·film',
    '?',
    '⏎',
    'Assistant',
    ':',
  ]);
  await shot(workbench, 'draft');
});

test('two turns: each is answered, and the second reads the first', async () => {
  const workbench = vscode();
  const chat = panel(workbench);
  await say('What is a film?', 0);
  await say('And a book?', 1);
  expect(await chat.locator('.turn:not(.system) .who').allInnerTexts()).toEqual(['You', 'starter', 'You', 'starter']);
  await chat.locator('.rendered .label[data-label="assistant 2"]').waitFor();
  expect(
    await chat.locator('.rendered .label').evaluateAll(labels => labels.map(label => label.getAttribute('data-label'))),
  ).toEqual(['user 1', 'assistant 1', 'user 2', 'assistant 2']);
  await shot(workbench, 'two-turns');
});

test('a token of the reply shows its probability and what else was likely', async () => {
  const workbench = vscode();
  const chat = panel(workbench);
  await chat.locator('.turn.assistant .token').first().hover();
  const card = chat.locator('.card:popover-open');
  await card.waitFor();
  expect(await card.innerText()).toMatch(/%[\s\S]*rank[\s\S]*What the model expected/);
  await shot(workbench, 'card');
});

test('another template is seen at once', async () => {
  const workbench = vscode();
  const chat = panel(workbench);
  await chat.getByRole('combobox', { name: 'Chat template' }).click();
  await chat.getByRole('option', { name: 'ChatML' }).click();
  await chat.locator('.rendered .text', { hasText: 'im' }).first().waitFor();
  await shot(workbench, 'chatml');
});

test('after a reload everything is there', async () => {
  const workbench = vscode();
  await panel(workbench).getByRole('textbox', { name: 'Message' }).hover(); // away from the tokens, which open a card
  await panel(workbench).locator('.card:popover-open').waitFor({ state: 'detached' });
  const before = await panel(workbench).locator('.turn:not(.system)').allInnerTexts();
  await panel(workbench).getByRole('textbox', { name: 'Message' }).fill('Not sent yet');
  await panel(workbench).locator('.rendered .text', { hasText: 'yet' }).waitFor();
  await workbench.page.waitForTimeout(500); // it is written to a file a moment later
  await reload(workbench);
  const chat = panel(workbench);
  await chat.locator('.turn.assistant .ending').nth(1).waitFor();
  expect(await chat.locator('.turn:not(.system)').allInnerTexts()).toEqual(before);
  expect(await chat.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('Not sent yet');
  await chat.locator('.rendered .text', { hasText: 'im' }).first().waitFor();
  await shot(workbench, 'reloaded');
});

test('turns are deleted from one on, and brought back', async () => {
  const workbench = vscode();
  const chat = panel(workbench);
  const second = chat.locator('.turn.user').nth(1);
  await second.hover();
  await second.getByRole('button', { name: 'Delete from here' }).click();
  await expect.poll(() => chat.locator('.turn:not(.system)').count()).toBe(2);
  await chat.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => chat.locator('.turn:not(.system)').count()).toBe(4);
});
