import { Reasoned } from '../protocol/result.ts';
import { PARTS } from '../protocol/run/names.ts';
import type { Part, SharesSpec } from '../protocol/run/spec.ts';
import { shuffled } from './shuffle.ts';

export type PartRows = Readonly<Record<Part, Uint32Array>>;

/**
 * The rows (or pieces) of each part: floor(share x count) of them in `order`, of the rows as they come or as the seed
 * shuffles them; the last part with a positive share takes the rest.
 * Throws `split-invalid` and `split-part-empty`, which names a part with a positive share that gets nothing.
 */
export function splitRows(count: number, split: SharesSpec, what: 'rows' | 'pieces' = 'rows'): PartRows {
  requireShares(split);
  const order = split.shuffle ? shuffled(count, split.seed, 'split') : Uint32Array.from({ length: count }, (_, i) => i);
  const positive = split.order.filter(part => split[part] > 0);
  const parts: Record<Part, Uint32Array> = {
    train: new Uint32Array(),
    validation: new Uint32Array(),
    test: new Uint32Array(),
  };
  let start = 0;
  for (const part of positive) {
    const end = part === positive.at(-1) ? count : start + Math.floor(split[part] * count);
    parts[part] = order.subarray(start, end);
    if (end === start) throw partEmpty(part, split[part], count, what);
    start = end;
  }
  return parts;
}

function requireShares(split: SharesSpec): void {
  const shares = PARTS.map(part => split[part]);
  const invalid = PARTS.find(part => !(typeof split[part] === 'number' && split[part] >= 0 && split[part] <= 1));
  if (invalid)
    throw invalidSplit(`dataset.split.${invalid} is ${String(split[invalid])}`, 'Give a share between 0 and 1.');
  const sum = shares.reduce((sum, share) => sum + share, 0);
  if (Math.abs(sum - 1) > 1e-6)
    throw invalidSplit(
      `the shares ${shares.join(' + ')} of dataset.split add up to ${Number(sum.toFixed(6))}`,
      'Change them so that they add up to 1.',
    );
  if (split.train <= 0) throw invalidSplit('dataset.split.train is 0', 'Give the training part a share.');
  if (split.order.length !== 3 || PARTS.some(part => !split.order.includes(part)))
    throw invalidSplit(
      `dataset.split.order is ${JSON.stringify(split.order)}`,
      'List train, validation and test, each once.',
    );
}

const invalidSplit = (what: string, remedy: string): Reasoned =>
  new Reasoned('split-invalid', `The split can't be made: ${what}.`, remedy);

export const partEmpty = (part: Part, share: number, count: number, what: string): Reasoned =>
  new Reasoned(
    'split-part-empty',
    `The ${part} part, ${Number((100 * share).toFixed(3))} % of ${count} ${what}, is no row.`,
    `Raise its share (dataset.split.${part}), set it to 0 to leave the part out, or use more data.`,
  );
