import { createHash } from 'node:crypto';
import { ColumnCounter } from '../../data/columns.ts';
import { cellText, type Column, isMissing } from '../../data/table.ts';
import type { Call } from '../../protocol/engine.ts';
import { throwIfAborted } from '../../protocol/result.ts';
import { promptLength } from './encode.ts';
import type { DatasetView, RowEncoder } from './rows.ts';
import { isLeftOut, type RowTexts } from './rowTexts.ts';

/** What going through all rows once tells of them. */
export interface Analysis {
  readonly columns: readonly Column[];
  /** The labels that there are, and which of them each row has (-1: none); null without a label. */
  readonly labels: { readonly names: readonly string[]; readonly ofRow: Int32Array } | null;
  /** Of each row's longest sequence and prompt, in tokens; null where rows can't be encoded. */
  readonly lengths: { readonly total: Uint32Array; readonly prompt: Uint32Array } | null;
  /** Rows that are left out before anything is cut, and why. */
  readonly leftOut: ReadonlyMap<number, string>;
  /** A hash of each row's texts, without its label: 52 bits of SHA-1; NaN where it has none. */
  readonly textHashes: Float64Array;
  /** Rows that say what an earlier row says, label included. */
  readonly duplicates: ReadonlyMap<number, number>;
  /** Rows whose chosen and rejected answers are equal. */
  readonly equalPairs: ReadonlySet<number>;
}

/** Goes through the rows; `encoder` is null where they can't be encoded yet. */
export async function analyse(
  { view, roles }: DatasetView,
  encoder: RowEncoder | null,
  { signal, onProgress }: Pick<Call, 'signal' | 'onProgress'>,
): Promise<Analysis> {
  const counters = view.columns.map(() => new ColumnCounter());
  const labelColumn = roles.label === undefined ? -1 : view.columns.indexOf(roles.label);
  const labels = new Map<string, number>();
  const labelOfRow = new Int32Array(labelColumn === -1 ? 0 : view.count).fill(-1);
  const lengths = encoder && { total: new Uint32Array(view.count), prompt: new Uint32Array(view.count) };
  const textHashes = new Float64Array(view.count).fill(Number.NaN);
  const leftOut = new Map<number, string>();
  const duplicates = new Map<number, number>();
  const equalPairs = new Set<number>();
  const firstOf = new Map<number, number>();
  const meter = rowsMeter('Encoding rows', view.count, onProgress);
  for await (const rows of view.batches(signal, encoder ? 64 : 512)) {
    for (const row of rows) {
      for (const [column, counter] of counters.entries()) counter.add(row.cells[column]);
      const label = labelColumn === -1 ? undefined : row.cells[labelColumn];
      if (!isMissing(label)) labelOfRow[row.row] = numberOf(cellText(label), labels);
      const texts = encoder?.texts(row) ?? {
        sequences: [{ pieces: [{ text: JSON.stringify(row.cells), part: 'prompt' }] }],
      };
      if (isLeftOut(texts)) {
        leftOut.set(row.row, texts.leftOut);
        continue;
      }
      textHashes[row.row] = hashOf(texts, false);
      if (isEqualPair(texts)) equalPairs.add(row.row);
      noteDuplicate(row.row, hashOf(texts, true), firstOf, duplicates);
      if (!encoder || !lengths) continue;
      const encoded = encoder.encode(texts);
      throwIfAborted(signal);
      lengths.total[row.row] = Math.max(...encoded.sequences.map(({ ids }) => ids.length));
      lengths.prompt[row.row] = Math.max(...encoded.sequences.map(promptLength));
    }
    meter(rows.at(-1)?.row ?? 0);
  }
  return {
    columns: view.columns.map((name, index) => (counters[index] as ColumnCounter).column(name)),
    labels: labelColumn === -1 ? null : { names: [...labels.keys()], ofRow: labelOfRow },
    lengths,
    leftOut,
    textHashes,
    duplicates,
    equalPairs,
  };
}

/** Whether two answers to compare are the same: there is nothing to prefer. */
export function isEqualPair({ sequences }: RowTexts): boolean {
  const [chosen, rejected, ...others] = sequences;
  if (chosen?.name !== 'chosen' || !rejected || others.length > 0) return false;
  return JSON.stringify(chosen.pieces) === JSON.stringify(rejected.pieces);
}

function numberOf(label: string, labels: Map<string, number>): number {
  const number = labels.get(label) ?? labels.size;
  labels.set(label, number);
  return number;
}

function noteDuplicate(row: number, hash: number, firstOf: Map<number, number>, duplicates: Map<number, number>): void {
  const first = firstOf.get(hash);
  if (first === undefined) firstOf.set(hash, row);
  else duplicates.set(row, first);
}

function hashOf({ sequences, label }: RowTexts, labelled: boolean): number {
  const hash = createHash('sha1');
  for (const { pieces } of sequences) for (const { text, part } of pieces) hash.update(`${part}\0${text}\0`);
  if (labelled && label !== undefined) hash.update(label);
  const bytes = hash.digest();
  return bytes.readUIntBE(0, 6) * 16 + ((bytes[6] as number) >> 4);
}

/** Tells how far a walk through rows has come, ten times a second. */
export function rowsMeter(message: string, total: number, onProgress: Call['onProgress']): (row: number) => void {
  const started = performance.now();
  let last = started;
  return row => {
    const now = performance.now();
    if (!onProgress || now - last < 100) return;
    last = now;
    const rate = (row + 1) / Math.max(1e-3, (now - started) / 1000);
    onProgress({ message, done: row + 1, total, unit: 'rows', rate, secondsLeft: (total - row - 1) / rate });
  };
}
