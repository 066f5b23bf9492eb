import { setImmediate } from 'node:timers/promises';
import type { KeyValueCache } from '../gpt2/cache.ts';
import type { HeadStatistics } from '../gpt2/headStatistics.ts';
import type { Gpt2, Rows } from '../gpt2/model.ts';
import { throwIfAborted } from '../protocol/result.ts';
import type { PackedRun } from './runs.ts';

/**
 * A moment between two runs of the model. A run blocks the process, so that a cancel, or another request, can only be
 * seen here.
 */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  throwIfAborted(signal);
}

/**
 * Final hidden states [S, D] of tokens that follow what is in the cache, piece by piece so that each run stays short.
 * The cache keeps what was evaluated, also when it is cancelled on the way.
 */
export async function* extend(
  model: Gpt2,
  cache: KeyValueCache,
  ids: readonly number[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Float32Array> {
  for (let done = 0; done < ids.length; ) {
    await breathe(signal);
    const rows = rowsAfter(cache, ids.slice(done, done + model.trunkPace.rows));
    yield await model.hiddenStates(rows, cache);
    done += rows.ids.length;
  }
}

const rowsAfter = (cache: KeyValueCache, ids: readonly number[]): Rows => ({
  ids,
  positions: ids.map((_, row) => cache.length + row),
  attended: { kind: 'causal' },
});

/**
 * The final hidden states [N, D] of the rows that the run's targets are predicted from, in their order. The cache is
 * scratch: what it held before is forgotten. `onRun` is called after each run of the model.
 */
export async function hiddenStatesOf(
  model: Gpt2,
  run: PackedRun,
  scratch: KeyValueCache,
  signal: AbortSignal | undefined,
  onRun: () => void = () => undefined,
): Promise<Float32Array> {
  scratch.truncate(0);
  const { width } = model.config;
  const targets = [...targetsOf(run)];
  const hidden = new Float32Array(targets.length * width);
  let filled = 0;
  for (let done = 0; done < run.ids.length; onRun()) {
    await breathe(signal);
    const end = run.pieces.length > 1 ? run.ids.length : Math.min(run.ids.length, done + model.trunkPace.rows);
    const read = targets.filter(({ row }) => row >= done && row < end).map(({ row }) => row - done);
    const rows = { ...(run.pieces.length > 1 ? run : rowsAfter(scratch, run.ids.slice(done, end))), read };
    const isLast = end === run.ids.length;
    const part = isLast ? await model.lastHiddenStates(rows, scratch) : await model.hiddenStates(rows, scratch);
    hidden.set(part, filled);
    filled += part.length;
    done = end;
  }
  return hidden;
}

/** What the head says of one token of a sequence. */
export interface TokenScore {
  readonly sequence: number;
  readonly token: number;
  readonly logProbability: number;
  readonly rank: number;
  readonly entropy: number;
  readonly topIds: Int32Array;
  readonly topProbabilities: Float32Array;
}

/** A token to be scored, and the row of the run that it is predicted from. */
interface Target {
  readonly row: number;
  readonly id: number;
  readonly sequence: number;
  readonly token: number;
}

/**
 * Scores the tokens that the pieces of a run are there for by the states that hiddenStatesOf gives, some at a time, with
 * the `top` likeliest alternatives of each.
 */
export async function* scoresOf(
  model: Gpt2,
  run: PackedRun,
  hidden: Float32Array,
  top: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<TokenScore[]> {
  const targets = [...targetsOf(run)];
  for (let done = 0; done < targets.length; ) {
    await breathe(signal);
    const batch = targets.slice(done, done + model.headPace.rows);
    const statistics = await model.statistics(
      hidden.subarray(done * model.config.width, (done + batch.length) * model.config.width),
      batch.map(({ id }) => id),
      Math.max(1, top),
    );
    yield batch.map(({ sequence, token }, index) => ({ sequence, token, ...figuresAt(statistics, index, top) }));
    done += batch.length;
  }
}

/** The tokens that the pieces of a run are there for. */
export function* targetsOf({ pieces }: PackedRun): Generator<Target> {
  let first = 0;
  for (const { sequence, start, end, scored, ids } of pieces) {
    for (let token = scored; token < end; token++) {
      yield { row: first + token - start - 1, id: ids[token - start] as number, sequence, token };
    }
    first += end - start - 1;
  }
}

function figuresAt(statistics: HeadStatistics, index: number, top: number): Omit<TokenScore, 'sequence' | 'token'> {
  const kept = Math.max(1, top);
  const range = [index * kept, index * kept + top] as const;
  return {
    logProbability: statistics.logProbabilities[index] as number,
    rank: statistics.ranks[index] as number,
    entropy: statistics.entropies[index] as number,
    topIds: statistics.topIds.subarray(...range),
    topProbabilities: statistics.topProbabilities.subarray(...range),
  };
}
