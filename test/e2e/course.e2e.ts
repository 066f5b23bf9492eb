import { expect, test } from 'vitest';
import { panel, runCommand, shot, statusBarItem } from '../host/page.ts';
import { scenario } from './scenario.ts';

const vscode = scenario('course', { viewport: { width: 1600, height: 1000 } });

/** Opens the walkthrough at a step and presses its button. */
async function press(step: string, button: string): Promise<void> {
  const { page } = vscode();
  await runCommand(vscode(), 'LM Lab: Open the Course');
  await page.locator('.getting-started-step', { hasText: step }).first().click();
  await page.locator('.getting-started-step.expanded').getByRole('button', { name: button }).click();
}

test('a step is explained, shown, and done by its button', async () => {
  await statusBarItem(vscode(), 'starter').waitFor();
  await runCommand(vscode(), 'LM Lab: Open the Course');
  await vscode().page.locator('.getting-started-step.expanded').waitFor();
  await shot(vscode(), 'walkthrough');
  await press('What a model says', 'Score four sentences');
  await panel(vscode()).locator('.figures').waitFor();
  await shot(vscode(), 'scored');
  expect(await panel(vscode()).locator('body').innerText()).toContain('The movies was full of surprises');
});

test('a training step starts its request, and the curves are there', async () => {
  await press('Train a spam filter', 'Train it');
  await panel(vscode()).locator('lm-plot').first().waitFor();
  await shot(vscode(), 'training');
  await panel(vscode()).getByRole('button', { name: 'Stop' }).click();
  await panel(vscode()).getByText('stopped').first().waitFor();
});
