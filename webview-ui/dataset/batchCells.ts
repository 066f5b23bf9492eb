import type { LaidOpenBatch } from '../../src/protocol/dataset.ts';

/** What becomes of a position of a batch. */
export type CellState = 'scored' | 'ignored' | 'padded';

/** The target of a position that the loss does not look at. */
export const IGNORED = -100;

export interface BatchCell {
  readonly id: number;
  readonly text: string;
  readonly state: CellState;
  /** The token that is to be predicted here; null where nothing is. */
  readonly target: { readonly id: number; readonly text: string } | null;
}

/** The positions of a row; a target's text stands in the position after it, whose token it is. */
export function batchCells(row: LaidOpenBatch['cells'][number]): BatchCell[] {
  return row.map(({ id, text, target, padded }, at) => {
    const next = row[at + 1];
    return {
      id,
      text,
      state: padded ? 'padded' : target === IGNORED ? 'ignored' : 'scored',
      target: target === IGNORED ? null : { id: target, text: next?.id === target ? next.text : '' },
    };
  });
}

export interface BatchCounts {
  readonly scored: number;
  readonly ignored: number;
  readonly padded: number;
}

export function batchCounts({ cells }: LaidOpenBatch): BatchCounts {
  const counts = { scored: 0, ignored: 0, padded: 0 };
  for (const row of cells) {
    for (const { target, padded } of row) counts[padded ? 'padded' : target === IGNORED ? 'ignored' : 'scored']++;
  }
  return counts;
}
