import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { Reasoned, throwIfAborted } from '../protocol/result.ts';
import { wrongUsage } from './failure.ts';

export interface TextSource {
  /** `-` reads standard input. */
  readonly text?: string;
  readonly file?: string;
}

/** The text as it stands, a byte order mark and line ends included; bytes that are no UTF-8 are read as U+FFFD. */
export async function readText({ text, file }: TextSource, signal: AbortSignal): Promise<string> {
  if ((text === undefined) === (file === undefined))
    throw wrongUsage(
      'There must be one of --text and --file.',
      'Give --text T, --text - for standard input, or --file F.',
    );
  if (file !== undefined) return readTextFile(file);
  return text === '-' ? readStandardInput(signal) : (text as string);
}

/** Lines without their ends; blank ones are left out. Throws `text-empty` where none is left. */
export function nonBlankLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/).filter(line => line.trim() !== '');
  if (lines.length === 0)
    throw new Reasoned(
      'text-empty',
      'There is no line with text in it.',
      'Give a text with at least one line that is not blank.',
    );
  return lines;
}

async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Reasoned(
      'file-unreadable',
      `The file ${file} can't be read: ${whyUnreadable(cause as NodeJS.ErrnoException)}.`,
      'Check the path, and that it is a text file which you may read.',
      { cause },
    );
  }
}

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
};

const whyUnreadable = ({ code = '', message }: NodeJS.ErrnoException): string => WHY_UNREADABLE[code] ?? message;

async function readStandardInput(signal: AbortSignal): Promise<string> {
  try {
    return await readAll(addAbortSignal(signal, process.stdin));
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  }
}
