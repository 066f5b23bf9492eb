import { KeyValueCache } from '../gpt2/cache.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { Reasoned } from '../protocol/result.ts';
import { breathe, extend } from '../scoring/evaluate.ts';
import { meanOf, pooledRows, pooledState } from './classify/pooling.ts';

// Letters in shapes: T tokens of a text, D model width.

/** A text as the model reads it: at least one token, and no more than fit. */
export interface Ids {
  readonly ids: readonly number[];
}

/** Why a text can't be read; `index` counts from 0. */
export const emptyText = (index: number): Reasoned =>
  new Reasoned('text-empty', `Text ${index + 1} is empty.`, 'Give a text with at least one word in it.');

/** As many at once as a short run may hold; one that is longer comes alone. */
export function* sideBySide<Sequence extends Ids>(
  sequences: readonly Sequence[],
  mostRows: () => number,
): Generator<Sequence[]> {
  let together: Sequence[] = [];
  let rows = 0;
  for (const sequence of sequences) {
    if (together.length > 0 && rows + sequence.ids.length > mostRows()) {
      yield together;
      [together, rows] = [[], 0];
    }
    together.push(sequence);
    rows += sequence.ids.length;
  }
  if (together.length > 0) yield together;
}

/** The final hidden states of each, [T, D]. Throws Reasoned `cancelled`. */
export async function hiddenOf(model: Gpt2, together: readonly Ids[], signal?: AbortSignal): Promise<Float32Array[]> {
  const [only] = together;
  if (together.length === 1 && only) return [await hiddenOfOne(model, only.ids, signal)];
  return runOf(
    model,
    together,
    together.map(({ ids }) => [...ids.keys()]),
    signal,
  );
}

/**
 * The state [D] that a head reads of each; of the last block no more is computed of texts side by side than that takes.
 * Throws as hiddenOf.
 */
export async function pooledOf(
  model: Gpt2,
  together: readonly Ids[],
  pooled: Parameters<typeof pooledRows>[0],
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const { width } = model.config;
  const [only] = together;
  if (together.length === 1 && only)
    return [pooledState(pooled, only.ids, await hiddenOfOne(model, only.ids, signal), width)];
  const read = together.map(({ ids }) => pooledRows(pooled, ids));
  const states = await runOf(model, together, read, signal);
  return states.map((rows, at) =>
    meanOf((read[at] ?? []).map((_, row) => rows.subarray(row * width, (row + 1) * width))),
  );
}

/** Texts side by side in one run: of each, the states of the rows that are read of it. */
async function runOf(
  model: Gpt2,
  together: readonly Ids[],
  read: ReadonlyArray<readonly number[]>,
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  await breathe(signal);
  let rows = 0;
  const firsts = together.map(({ ids }) => (rows += ids.length) - ids.length);
  const asked = {
    ids: together.flatMap(({ ids }) => ids),
    positions: together.flatMap(({ ids }) => ids.map((_, position) => position)),
    attended: {
      kind: 'packed',
      starts: together.flatMap(({ ids }, at) => ids.map(() => firsts[at] as number)),
    } as const,
    read: read.flatMap((own, at) => own.map(row => (firsts[at] as number) + row)),
  };
  const hidden = await model.lastHiddenStates(asked, new KeyValueCache(model.config));
  let first = 0;
  return read.map(({ length }) => hidden.subarray(first * model.config.width, (first += length) * model.config.width));
}

async function hiddenOfOne(model: Gpt2, ids: readonly number[], signal?: AbortSignal): Promise<Float32Array> {
  const hidden = new Float32Array(ids.length * model.config.width);
  let filled = 0;
  for await (const part of extend(model, new KeyValueCache(model.config, ids.length), ids, signal)) {
    hidden.set(part, filled);
    filled += part.length;
  }
  return hidden;
}
