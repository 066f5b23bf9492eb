import type { OnProgress } from '../../protocol/engine.ts';
import { progressMeter } from '../../protocol/progress.ts';
import { breathe } from '../../scoring/evaluate.ts';
import { type EvaluationRows, readRows } from '../rows.ts';
import type { HeldModel } from '../task.ts';
import type { ChosenColumn } from '../columns.ts';
import { embedTexts } from './embed.ts';
import { type Plane, principalPlane, projected } from './principalComponents.ts';

/** Where texts stand in the plane in which the dataset's texts differ most. */
export interface Projection {
  readonly explained: Plane['explained'];
  /** Texts that are not empty. */
  of(texts: readonly string[]): Promise<Array<readonly [number, number]>>;
}

export interface ProjectionOptions {
  readonly pooling: 'mean' | 'last';
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Texts that the plane is laid through; more would move it little, and all of a million would not fit into memory. */
const MOST_FITTED = 2000;
const TEXTS_AT_ONCE = 64;

/**
 * Lays the plane through the vectors of the rows' texts: of all of them, or of 2,000 spread evenly over the rows. So a
 * row's place is known when it is reached, and is the same when an evaluation is gone on with.
 */
export async function projectionOf(
  rows: EvaluationRows,
  columns: readonly ChosenColumn[],
  { model, tokenizer }: Pick<HeldModel, 'model' | 'tokenizer'>,
  { pooling, signal, onProgress }: ProjectionOptions,
): Promise<Projection> {
  const texts = await spreadTexts(rows, columns, signal);
  const meter = progressMeter({ message: 'Laying out the plane', unit: 'texts', total: texts.length }, onProgress);
  const known = new Map<string, Float32Array>();
  for (let from = 0; from < texts.length; from += TEXTS_AT_ONCE) {
    const some = texts.slice(from, from + TEXTS_AT_ONCE);
    const vectors = await embedTexts(model, tokenizer, some, pooling, { signal });
    for (const [at, text] of some.entries()) known.set(text, vectors[at] as Float32Array);
    meter.add(some.length);
  }
  const plane = await principalPlane(
    texts.map(text => known.get(text) as Float32Array),
    signal,
  );
  return {
    explained: plane.explained,
    async of(texts) {
      const unknown = [...new Set(texts.filter(text => !known.has(text)))];
      const found = await embedTexts(model, tokenizer, unknown, pooling, { signal });
      const vectors = new Map(unknown.map((text, at) => [text, found[at] as Float32Array]));
      return texts.map(text => projected((known.get(text) ?? vectors.get(text)) as Float32Array, plane));
    },
  };
}

async function spreadTexts(
  rows: EvaluationRows,
  columns: readonly ChosenColumn[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const wanted = Math.min(rows.count, Math.ceil(MOST_FITTED / columns.length));
  const texts: string[] = [];
  for (let at = 0; at < wanted; at++) {
    if (at % TEXTS_AT_ONCE === 0) await breathe(signal);
    const [row] = readRows(rows, Math.floor((at * rows.count) / wanted), 1);
    for (const { text } of columns) {
      const own = row ? text(row.cells) : '';
      if (own !== '') texts.push(own);
    }
  }
  return texts;
}
