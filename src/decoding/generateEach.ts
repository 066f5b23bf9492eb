import type { Gpt2 } from '../gpt2/model.ts';
import type { DecodingSettings, Generation } from '../protocol/generation.ts';
import { Reasoned } from '../protocol/result.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { Column } from './column.ts';
import { endTokensOf } from './generate.ts';
import { drawRun } from './run/drawRun.ts';
import type { Prediction } from './prediction.ts';
import { promptTokens, requireToFit } from './prompt.ts';
import { requireIdsOf, requireSettings } from './settings.ts';
import type { Told } from './run/drawnChoices.ts';
import { SharedCache } from './sharedCache.ts';
import { NO_TEXT } from './text.ts';

/** A prompt with the way in which it is answered: one text. */
export interface Prompted {
  readonly prompt: string;
  readonly settings: DecodingSettings;
}

/** What came of a prompt: its text, or why it has none. */
export type Answered = { readonly index: number } & (
  | { readonly generation: Generation }
  | { readonly refused: Reasoned }
);

export interface EachOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Prompts under way at once. Each token's run reads the weights once for all of them; with more, attention over what
 * the others have in the cache costs more than that saves.
 */
const SIDE_BY_SIDE = 8;

interface UnderWay {
  readonly index: number;
  readonly column: Column;
  /** What is predicted for each text of the column that is live; none where tokens were drawn without. */
  predictions: readonly Prediction[];
}

/**
 * Answers many prompts side by side, and tells each answer when it is whole; the place of one that has ended is taken by
 * the next prompt. A prompt that does not fit is told as refused.
 * @throws Reasoned `cancelled` within a run, of one token or on a device of its own memory several, and what the
 * settings are refused for.
 */
export async function* generateEach(
  model: Gpt2,
  tokenizer: Tokenizer,
  prompts: readonly Prompted[],
  { signal }: EachOptions = {},
): AsyncGenerator<Answered> {
  for (const { settings } of prompts) {
    requireSettings([settings]);
    requireIdsOf(settings, model.config.vocabularySize);
  }
  const cache = new SharedCache(model, 0, signal);
  const told = { tokenizer, top: 0, vocabularySize: model.config.vocabularySize };
  const waiting = prompts.entries();
  let underWay: UnderWay[] = [];
  for (;;) {
    while (underWay.length < SIDE_BY_SIDE) {
      const { value, done } = waiting.next();
      if (done) break;
      const begun = await begin(model, tokenizer, cache, ...value);
      if ('refused' in begun) yield begun;
      else underWay.push(begun);
    }
    if (underWay.length === 0) return;
    // Who waits for whole answers is told nothing of their tokens.
    for (const { column, predictions } of underWay) if (predictions.length > 0) Array.from(column.advance(predictions));
    yield* answersOf(underWay);
    underWay = underWay.filter(one => !isOver(one));
    if (!(await drawTogether(underWay, cache, told))) await predict(underWay, cache);
    yield* answersOf(underWay);
    underWay = underWay.filter(one => !isOver(one));
  }
}

function* answersOf(underWay: readonly UnderWay[]): Generator<Answered> {
  for (const { index, column } of underWay.filter(isOver))
    yield { index, generation: column.result().generations[0] as Generation };
}

/** One run for several tokens of all, where that can be done. */
async function drawTogether(underWay: readonly UnderWay[], cache: SharedCache, told: Told): Promise<boolean> {
  const columns = underWay.map(({ column }) => column);
  if ((await drawRun(columns, cache, told)) === null) return false;
  for (const one of underWay) one.predictions = [];
  return true;
}

const isOver = ({ column }: UnderWay): boolean => column.live.length === 0;

async function begin(
  model: Gpt2,
  tokenizer: Tokenizer,
  cache: SharedCache,
  index: number,
  { prompt, settings }: Prompted,
): Promise<UnderWay | (Answered & { readonly refused: Reasoned })> {
  const { positions } = model.config;
  const ids = promptTokens(prompt, tokenizer).map(({ id }) => id);
  try {
    requireToFit(ids.length, positions);
  } catch (error) {
    if (error instanceof Reasoned) return { index, refused: error };
    throw error;
  }
  const { rows, next } = await cache.read(ids);
  const hypothesis = { ids, rows, tokens: [], logProbability: 0, written: NO_TEXT };
  const endTokens = endTokensOf(model, tokenizer);
  const column = new Column(0, settings, { hypothesis, tokenizer, top: 0, contextLength: positions, endTokens });
  return { index, column, predictions: column.live.map(() => next) };
}

/** One run for the newest tokens of all. */
async function predict(underWay: readonly UnderWay[], cache: SharedCache): Promise<void> {
  const all = await cache.next(underWay.flatMap(({ column }) => column.live));
  let taken = 0;
  for (const one of underWay) {
    const own = all.slice(taken, taken + one.column.live.length);
    taken += own.length;
    one.predictions = own;
  }
}
