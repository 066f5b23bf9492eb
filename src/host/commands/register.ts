import * as vscode from 'vscode';
import { reasonOf } from '../../protocol/result.ts';
import type { Lab } from '../lab.ts';
import { showReason } from '../showReason.ts';
import type { commands } from './table.ts';

type CommandId = keyof typeof commands;

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: CommandId }[] };
}

/**
 * Registers what package.json contributes. The table, and with it the commands' code, is read when one is first run.
 * What a command did not foresee is told and logged.
 */
export function registerCommands(lab: Lab): vscode.Disposable {
  const { contributes }: Manifest = lab.extension.extension.packageJSON;
  const registered = contributes.commands.map(({ command }) =>
    vscode.commands.registerCommand(command, async (...given: never[]) => {
      try {
        const { commands } = await import('./table.ts');
        return await commands[command]?.run(lab, ...given);
      } catch (error) {
        lab.log.error(command, error instanceof Error ? error : String(error));
        return showReason(reasonOf(error));
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
