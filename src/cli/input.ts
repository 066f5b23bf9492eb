import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
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

/** The text itself, or each of its lines that is not blank, without line ends. Throws `text-empty` where nothing is there. */
export function textsToScore(text: string, perLine: boolean): string[] {
  const texts = perLine ? text.split(/\r\n|\n|\r/).filter(line => line.trim() !== '') : [text];
  if (texts.every(each => each === ''))
    throw new Reasoned(
      'text-empty',
      perLine ? 'Every line is empty or blank.' : 'The text is empty.',
      'Give a text with at least one word in it.',
    );
  return texts;
}

/** Throws where the file can't be read. */
export async function readTextFile(file: string): Promise<string> {
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
    const bytes = await buffer(addAbortSignal(signal, process.stdin));
    return bytes.toString('utf8'); // consumers' own text() would drop a byte order mark
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  }
}
