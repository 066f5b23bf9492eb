import { createReadStream } from 'node:fs';
import { appendFile, stat, truncate } from 'node:fs/promises';
import { fileError, systemCode } from '../models/files.ts';

/** Appends objects, one a line. They are with the system when the promise settles, and outlive this process. */
export async function appendLines(file: string, objects: readonly unknown[]): Promise<void> {
  if (objects.length === 0) return;
  try {
    await appendFile(file, objects.map(object => `${JSON.stringify(object)}\n`).join(''));
  } catch (error) {
    throw fileError(error, file);
  }
}

/** Cuts a file of JSON lines before the first line that is torn or that is not to be kept; there may be no file. */
export async function cutLines<Line>(file: string, keep: (line: Line) => boolean): Promise<void> {
  let kept = 0;
  for await (const { text, end } of wholeLines(file)) {
    const line = parsed<Line>(text);
    if (line === undefined || !keep(line)) break;
    kept = end;
  }
  try {
    if (kept < (await stat(file)).size) await truncate(file, kept);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw fileError(error, file);
  }
}

/** The objects of a file of JSON lines, up to the first line that is torn; none where there is no file. */
export async function* readLines<Line>(file: string): AsyncGenerator<Line> {
  for await (const { text } of wholeLines(file)) {
    const line = parsed<Line>(text);
    if (line === undefined) return;
    yield line;
  }
}

const LINE_END = 0x0a;

/** The lines that have an end, and where in the file that is. The file is read piece by piece: it may be large. */
async function* wholeLines(file: string): AsyncGenerator<{ readonly text: string; readonly end: number }> {
  let before: Buffer = Buffer.alloc(0);
  let at = 0;
  try {
    for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
      const bytes = before.length === 0 ? piece : Buffer.concat([before, piece]);
      let start = 0;
      for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, start)) {
        yield { text: bytes.toString('utf8', start, end), end: at + end + 1 };
        start = end + 1;
      }
      at += start;
      before = bytes.subarray(start);
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw fileError(error, file);
  }
}

function parsed<Line>(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
