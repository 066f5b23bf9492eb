import { type FileHandle, open } from 'node:fs/promises';

/** What a file has more than at the last reading. */
export interface Growth {
  /** Whole lines, without their ends. A last line that is still being written comes when it is whole. */
  readonly lines: readonly string[];
  /** The file is not the one that was read before: it was cut, as when a run is resumed, and `lines` starts anew. */
  readonly restarted: boolean;
}

const CHUNK_BYTES = 4 * 1024 * 1024;
/** The end of what was read, which must still stand there: a line holds times, so no other line is the same. */
const GUARD_BYTES = 256;
const LINE_END = 0x0a;

const NOTHING: Growth = { lines: [], restarted: false };

/** A file to which lines are appended, read as it grows. Made for network folders too: it asks for sizes, not events. */
export class GrowingFile {
  readonly #path: string;
  #offset = 0;
  #guard = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * What came since the last reading, some megabytes at most: whoever wants all of it asks until there are no lines. A
   * file that is not there has none.
   */
  async read(): Promise<Growth> {
    const file = await opened(this.#path);
    if (!file) return this.#restart();
    try {
      const { size } = await file.stat();
      if (size === this.#offset && (await this.#isSame(file))) return NOTHING;
      const restarted = size < this.#offset || !(await this.#isSame(file)) ? this.#restart().restarted : false;
      return { lines: await this.#lines(file, size), restarted };
    } finally {
      await file.close();
    }
  }

  #restart(): Growth {
    const restarted = this.#offset > 0;
    this.#offset = 0;
    this.#guard = Buffer.alloc(0);
    return { lines: [], restarted };
  }

  async #isSame(file: FileHandle): Promise<boolean> {
    const there = await bytesAt(file, this.#offset - this.#guard.length, this.#guard.length);
    return there.equals(this.#guard);
  }

  async #lines(file: FileHandle, size: number): Promise<string[]> {
    for (let length = CHUNK_BYTES; this.#offset < size; length *= 2) {
      const bytes = await bytesAt(file, this.#offset, Math.min(length, size - this.#offset));
      const end = bytes.lastIndexOf(LINE_END) + 1;
      if (end > 0) {
        this.#offset += end;
        this.#guard = Buffer.from(bytes.subarray(Math.max(0, end - GUARD_BYTES), end));
        return bytes.toString('utf8', 0, end - 1).split('\n');
      }
      if (bytes.length < length) break; // the last line is not whole yet; else it is longer than a chunk
    }
    return [];
  }
}

/** The whole lines among the last bytes of a file; none where there is no file. */
export async function lastLines(path: string, bytes: number): Promise<string[]> {
  const file = await opened(path);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - bytes);
    const lines = (await bytesAt(file, from, size - from)).toString('utf8').split('\n');
    return lines.slice(from > 0 ? 1 : 0, -1);
  } finally {
    await file.close();
  }
}

/** Lines of JSON objects as values. What is no JSON was torn when a trainer was killed, and is left out. */
export function parsedLines<T>(lines: readonly string[]): T[] {
  return lines.flatMap(line => {
    try {
      return line.trim() === '' ? [] : [JSON.parse(line) as T];
    } catch (error) {
      if (error instanceof SyntaxError) return [];
      throw error;
    }
  });
}

async function opened(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}
