import { KeyValueCache } from '../gpt2/cache.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { Reasoned } from '../protocol/result.ts';
import { breathe, extend } from '../scoring/evaluate.ts';

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
  const { width } = model.config;
  const [only] = together;
  if (together.length === 1 && only) return [await hiddenOfOne(model, only.ids, signal)];
  await breathe(signal);
  const starts = together.flatMap(({ ids }, at) => {
    const first = together.slice(0, at).reduce((sum, other) => sum + other.ids.length, 0);
    return ids.map(() => first);
  });
  const rows = {
    ids: together.flatMap(({ ids }) => ids),
    positions: together.flatMap(({ ids }) => ids.map((_, position) => position)),
    attended: { kind: 'packed', starts } as const,
  };
  const hidden = await model.lastHiddenStates(rows, new KeyValueCache(model.config));
  let first = 0;
  return together.map(({ ids }) => hidden.subarray(first * width, (first += ids.length) * width));
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
