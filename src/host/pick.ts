import * as vscode from 'vscode';

/** Of a list: its title and what it asks for. */
export type PickOptions = Pick<vscode.QuickPickOptions, 'title' | 'placeHolder' | 'matchOnDescription'>;

/**
 * A list stays open until something is picked or Escape is pressed: a panel that had the focus takes it back when the
 * palette or the list before it closes, and would close this one with that.
 */
const STAYS = { ignoreFocusOut: true } as const;

/** The item that is picked; undefined where none is. */
export const pickOne = <T extends vscode.QuickPickItem>(items: readonly T[], options: PickOptions) =>
  vscode.window.showQuickPick(items, { ...options, ...STAYS });

/** The items that are ticked, which may be none; undefined where the list is closed without an answer. */
export const pickSeveral = <T extends vscode.QuickPickItem>(items: readonly T[], options: PickOptions) =>
  vscode.window.showQuickPick(items, { ...options, ...STAYS, canPickMany: true });
