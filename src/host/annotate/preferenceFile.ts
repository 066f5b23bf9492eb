import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Judgement } from '../../protocol/annotations/judgement.ts';
import { Reasoned } from '../../protocol/result.ts';

/** A file of judgements, one JSON object a line. Each is on the disk when `append` returns; nothing else is changed. */
export class PreferenceFile {
  readonly path: string;
  #content: Content;

  private constructor(path: string, content: Content) {
    this.path = path;
    this.#content = content;
  }

  /**
   * Reads a file, or begins with none. Throws `preferences-other-columns` for a file that holds something else, and
   * `preferences-unwritable`.
   */
  static async open(path: string): Promise<PreferenceFile> {
    return new PreferenceFile(path, await contentOf(path));
  }

  get judgements(): readonly Judgement[] {
    return this.#content.lines.map(({ judgement }) => judgement);
  }

  /** Writes a line after the others; those that somebody else wrote meanwhile stay. */
  async append(judgement: Judgement): Promise<void> {
    await this.#reread();
    const { end, ended, lines } = this.#content;
    const line = `${JSON.stringify(judgement)}\n`;
    const start = ended ? end : end + 1;
    await this.#write(end, ended ? line : `\n${line}`);
    const after = start + Buffer.byteLength(line);
    this.#content = { lines: [...lines, { judgement, start }], end: after, size: after, ended: true };
  }

  /** Takes the last line away and returns it; undefined where there is none. */
  async undo(): Promise<Judgement | undefined> {
    await this.#reread();
    const { lines } = this.#content;
    const last = lines.at(-1);
    if (!last) return undefined;
    await this.#write(last.start, '');
    this.#content = { lines: lines.slice(0, -1), end: last.start, size: last.start, ended: true };
    return last.judgement;
  }

  async #reread(): Promise<void> {
    if ((await sizeOf(this.path)) !== this.#content.size) this.#content = await contentOf(this.path);
  }

  /** Writes at a byte, behind which nothing stays, and waits until it is on the disk. */
  async #write(at: number, text: string): Promise<void> {
    try {
      const file = await open(this.path, at === 0 ? 'w' : 'r+');
      try {
        await file.truncate(at);
        await file.write(text, at);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      throw unwritable(this.path, error);
    }
  }
}

interface Content {
  readonly lines: ReadonlyArray<{ readonly judgement: Judgement; readonly start: number }>;
  /** Where what is whole ends, in bytes; a line that a crash cut off begins there. */
  readonly end: number;
  /** Of the file as it was read. */
  readonly size: number;
  /** The last line has its line end. */
  readonly ended: boolean;
}

async function contentOf(path: string): Promise<Content> {
  const bytes = await bytesOf(path);
  const lines: Array<{ judgement: Judgement; start: number }> = [];
  let start = 0;
  for (let number = 1; start < bytes.length; number++) {
    const found = bytes.indexOf(0x0a, start);
    const isLast = found === -1;
    const text = bytes.toString('utf8', start, isLast ? bytes.length : found);
    const judgement = text.trim() === '' ? undefined : judgementIn(text);
    if (judgement) lines.push({ judgement, start });
    else if (text.trim() !== '' && isLast && text.startsWith('{') && !isJson(text))
      return { lines, end: start, size: bytes.length, ended: true };
    else if (text.trim() !== '') throw otherColumns(path, number, text);
    if (isLast) return { lines, end: bytes.length, size: bytes.length, ended: false };
    start = found + 1;
  }
  return { lines, end: bytes.length, size: bytes.length, ended: true };
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw unwritable(path, error);
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

function judgementIn(line: string): Judgement | undefined {
  const value = parsed(line) as Partial<Judgement> | undefined;
  const { prompt, responses } = Object(value) as Partial<Judgement>;
  const isOne =
    typeof prompt === 'string' && Array.isArray(responses) && responses.every(text => typeof text === 'string');
  return isOne ? (value as Judgement) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isJson = (text: string): boolean => parsed(text) !== undefined;

function otherColumns(file: string, number: number, line: string): Reasoned {
  const value = parsed(line);
  const names = value !== null && typeof value === 'object' ? Object.keys(value) : [];
  const holds = names.length > 0 ? `has ${names.slice(0, 8).join(', ')}` : 'is no JSON object';
  return new Reasoned(
    'preferences-other-columns',
    `${path.basename(file)}: line ${number} ${holds}, and judgements are kept as prompt and responses.`,
    'Choose another file for the judgements. This one is left as it is.',
  );
}

const unwritable = (file: string, error: unknown): Reasoned =>
  new Reasoned(
    'preferences-unwritable',
    `The judgement could not be kept in ${file}: ${error instanceof Error ? error.message : String(error)}.`,
    'Make the file and its folder writable, free some space, or choose another file. What was kept before is safe.',
    { cause: error },
  );
