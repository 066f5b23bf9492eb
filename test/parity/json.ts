import { readFile, writeFile } from 'node:fs/promises';

/** Changes fields of a JSON file. */
export async function changeJson(file: string, change: Readonly<Record<string, unknown>>): Promise<void> {
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...change }));
}
