import type { KeyValueCache } from '../../gpt2/cache.ts';
import { type HeadStatistics, statisticsOf } from '../../gpt2/headStatistics.ts';
import type { Gpt2 } from '../../gpt2/model.ts';
import { type Feeds, float32, float64, int64 } from '../../onnx/session.ts';
import type { Drawing } from '../drawing.ts';
import type { CachedText } from '../sharedCache.ts';
import { tokensGraph } from './tokensGraph.ts';

/** The tokens of a run, with what the model says of each. */
export interface DrawnTokens {
  /** Turn by turn those of all texts: of text n in turn t, number t N + n. */
  readonly ids: Int32Array;
  readonly statistics: HeadStatistics;
  /** How many tokens the filters left to choose from, and what the model gives to these together. */
  readonly leftTokens: Int32Array;
  readonly leftProbabilities: Float32Array;
  /** With what chance a draw from those takes the one that was drawn. */
  readonly leftChances: Float32Array;
}

/**
 * Makes `turns` tokens of each text in one run. The rows that it evaluates are appended to the cache, turn by turn those
 * of all texts. @throws Reasoned as the model's own runs.
 */
export async function drawTokens(
  model: Gpt2,
  cache: KeyValueCache,
  texts: readonly CachedText[],
  drawings: readonly Drawing[],
  { turns, top }: { readonly turns: number; readonly top: number },
): Promise<DrawnTokens> {
  const results = await model.tokens(tokensGraph, turns, {
    ...rowFeeds(texts, turns),
    ...drawingFeeds(drawings, turns, model.config.vocabularySize),
    pastMask: pastMask(texts, cache),
    top: int64([top]),
    ...cache.feeds(),
  });
  cache.append(results, turns * texts.length);
  return {
    ids: Int32Array.from(results['id'] as BigInt64Array, Number),
    statistics: statisticsOf(results, top),
    leftTokens: results['leftTokens'] as Int32Array,
    leftProbabilities: results['leftProbability'] as Float32Array,
    leftChances: results['leftChance'] as Float32Array,
  };
}

/** The rows that the run evaluates: a text sees its own up to the turn. */
function rowFeeds(texts: readonly CachedText[], turns: number): Feeds {
  const count = texts.length;
  const rows = turns * count;
  const rowMask = new Float32Array(turns * count * rows).fill(Number.NEGATIVE_INFINITY);
  for (let turn = 0; turn < turns; turn++) {
    for (let text = 0; text < count; text++) {
      const first = (turn * count + text) * rows;
      for (let seen = 0; seen <= turn; seen++) rowMask[first + seen * count + text] = 0;
    }
  }
  const each = Array.from({ length: rows }, (_, row) => row);
  const positions = each.map(row => (texts[row % count] as CachedText).rows.length + Math.floor(row / count));
  return {
    turnCount: int64([turns], []),
    ids: int64(texts.map(({ ids }) => ids.at(-1) as number)),
    positions: int64(positions, [turns, count]),
    places: int64(each, [turns, count]),
    rowMask: float32(rowMask, [turns, count, rows]),
  };
}

function drawingFeeds(drawings: readonly Drawing[], turns: number, vocabularySize: number): Feeds {
  const count = drawings.length;
  const uniform = new Float64Array(turns * count);
  for (let turn = 0; turn < turns; turn++)
    for (const [text, drawing] of drawings.entries()) uniform[turn * count + text] = drawing.uniform();
  const column = (of: (drawing: Drawing) => number) => float64(Float64Array.from(drawings, of), [count, 1]);
  const kept = drawings.map(({ topK }) => Math.min(topK ?? vocabularySize, vocabularySize));
  return {
    uniform: float64(uniform, [turns, count, 1]),
    temperature: column(({ temperature }) => temperature),
    topK: int64(kept, [count, 1]),
    topP: column(({ topP }) => topP),
    minP: column(({ minP }) => minP),
  };
}

/** [N, P] */
function pastMask(texts: readonly CachedText[], { lentRows }: KeyValueCache) {
  const mask = new Float32Array(texts.length * lentRows).fill(Number.NEGATIVE_INFINITY);
  for (const [text, { rows }] of texts.entries()) for (const row of rows) mask[text * lentRows + row] = 0;
  return float32(mask, [texts.length, lentRows]);
}
