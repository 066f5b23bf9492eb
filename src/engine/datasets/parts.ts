import { type PartRows, splitRows } from '../../data/split.ts';
import { PARTS } from '../../protocol/run/names.ts';
import type { Part, RunSpec } from '../../protocol/run/spec.ts';

export interface RowParts {
  readonly rows: PartRows;
  readonly ofRow: (row: number) => Part;
}

/** Which part each row of the file is in; with a split into files all are for training. Throws as `splitRows`. */
export function partsOf({ dataset }: RunSpec, count: number): RowParts {
  if ('files' in dataset.split) {
    const train = Uint32Array.from({ length: count }, (_, row) => row);
    return { rows: { train, validation: new Uint32Array(), test: new Uint32Array() }, ofRow: () => 'train' };
  }
  const rows = splitRows(count, dataset.split);
  const numbers = new Uint8Array(count);
  for (const [index, part] of PARTS.entries()) for (const row of rows[part]) numbers[row] = index;
  return { rows, ofRow: row => PARTS[numbers[row] as number] as Part };
}
