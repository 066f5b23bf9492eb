import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { settings, writeSetting } from '../settings.ts';

export async function toggleHover(_lab: Lab): Promise<void> {
  const enabled = !settings().hover.enabled;
  await writeSetting('hover.enabled', enabled);
  vscode.window.setStatusBarMessage(`LM Lab: next-token hover ${enabled ? 'on' : 'off'}`, 3000);
}
