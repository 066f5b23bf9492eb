import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { compileTemplate } from '../../../src/chat/template.ts';
import { neededNames } from '../../../src/chat/templateNames.ts';
import { openTable } from '../../../src/data/open.ts';
import type { Cell, Table } from '../../../src/data/table.ts';
import { View } from '../../../src/data/view.ts';

/** An empty folder that goes when the test that asked for it ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lm-lab-data-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function written(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(await temporaryFolder(), name);
  await writeFile(file, content);
  return file;
}

export async function opened(file: string, header: boolean | null = null): Promise<Table> {
  const table = await openTable(file, { header });
  onTestFinished(() => table.rows.dispose());
  return table;
}

export const openedText = async (name: string, content: string | Uint8Array, header: boolean | null = null) =>
  opened(await written(name, content), header);

export const rowsOf = (table: Table): (readonly Cell[])[] =>
  new View(table).readBatch(0, 10_000).map(({ cells }) => cells);

/** A view of rows that are given as JSON lines. */
export const viewOf = async (objects: readonly object[]): Promise<View> =>
  new View(await openedText('rows.jsonl', objects.map(object => `${JSON.stringify(object)}\n`).join('')));

export const STEPS = { compile: compileTemplate, neededNames, seed: 123, aliases: {} };
