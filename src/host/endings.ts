import * as vscode from 'vscode';

/** What is told when something long ends, with buttons that are commands. */
export interface Ending {
  readonly tell: typeof vscode.window.showInformationMessage;
  readonly message: string;
  readonly actions: Readonly<Record<string, string>>;
}

/** Tells it, and runs the command of the button that is chosen, on what has ended. */
export async function tellEnding({ tell, message, actions }: Ending, on: object): Promise<void> {
  const chosen = await tell(message, ...Object.keys(actions));
  const command = chosen === undefined ? undefined : actions[chosen];
  if (command) await vscode.commands.executeCommand(command, on);
}
