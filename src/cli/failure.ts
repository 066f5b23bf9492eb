import { CommanderError } from 'commander';
import { CANCELLED, Reasoned, type Reason, reasonOf } from '../protocol/result.ts';
import { writeStandardOutput } from './output.ts';

const WRONG_USAGE = 'wrong-usage';

/** What the caller should have written otherwise; ends with exit code 2. */
export const wrongUsage = (message: string, remedy: string): Reasoned => new Reasoned(WRONG_USAGE, message, remedy);

/** 0 for help that was asked for, 2 for wrong usage, 130 when cancelled, else 1. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { code } = reasonOf(error);
  if (code === CANCELLED) return 130;
  return code === WRONG_USAGE ? 2 : 1;
}

/** Undefined where help was printed, and so nothing is left to say. */
export function reasonOfFailure(error: unknown, commands: readonly string[]): Reason | undefined {
  if (!(error instanceof CommanderError)) {
    const reason = reasonOf(error);
    if (reason.code === 'unexpected') console.error(error);
    return reason;
  }
  if (error.exitCode === 0 || error.code === 'commander.help') return undefined;
  const message = sentence(error.message.replace(/^error: /, ''));
  if (error.code === 'commander.unknownCommand') return wrongUsage(message, `The commands are ${commands.join(', ')}.`);
  return wrongUsage(message, 'Add --help to the command to see its options.');
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.?$/, '.')}`;

/** As a JSON document on standard output, or as two sentences on standard error. */
export async function reportFailure({ code, message, remedy }: Reason, json: boolean): Promise<void> {
  if (json) await writeStandardOutput(JSON.stringify({ error: { code, message, remedy } }));
  else console.error(`${message}\n${remedy}`);
}
