import { appendFile, readFile, truncate } from 'node:fs/promises';
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
  try {
    const bytes = await readFile(file);
    const end = keptBytes(bytes, keep);
    if (end < bytes.length) await truncate(file, end);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw fileError(error, file);
  }
}

function keptBytes<Line>(bytes: Buffer, keep: (line: Line) => boolean): number {
  let start = 0;
  for (let end = bytes.indexOf('\n'); end !== -1; end = bytes.indexOf('\n', start)) {
    const line = parsed<Line>(bytes.toString('utf8', start, end));
    if (line === undefined || !keep(line)) return start;
    start = end + 1;
  }
  return start;
}

function parsed<Line>(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
