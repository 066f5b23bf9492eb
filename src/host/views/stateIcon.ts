import * as vscode from 'vscode';
import type { ShownState } from '../../protocol/run/liveness.ts';

const ICONS: Readonly<Record<ShownState, readonly [icon: string, colour?: string]>> = {
  ready: ['circle-outline'],
  queued: ['sync~spin'],
  preparing: ['sync~spin'],
  running: ['sync~spin', 'charts.blue'],
  stopping: ['sync~spin'],
  stopped: ['debug-pause', 'charts.yellow'],
  finished: ['pass-filled', 'charts.green'],
  failed: ['error', 'list.errorForeground'],
  lost: ['warning', 'list.warningForeground'],
};

/** Of a run's or an evaluation's state. */
export function stateIcon(state: ShownState): vscode.ThemeIcon {
  const [icon, colour] = ICONS[state];
  return new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}
