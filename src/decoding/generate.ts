import type { Gpt2 } from '../gpt2/model.ts';
import type { OnProgress } from '../protocol/engine.ts';
import type { DecodingSettings, Generated, GenerateRequest, GenerationUpdate } from '../protocol/generation.ts';
import { progressMeter } from '../protocol/progress.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { Column } from './column.ts';
import type { Hypothesis } from './hypothesis.ts';
import { drawRun } from './run/drawRun.ts';
import type { Prediction } from './prediction.ts';
import { promptTokens, requireToFit } from './prompt.ts';
import { requireIds, requireIdsOf, requireSettings } from './settings.ts';
import type { Told } from './run/drawnChoices.ts';
import { SharedCache } from './sharedCache.ts';
import { grown, NO_TEXT } from './text.ts';

export interface GenerateOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Decodes all columns of settings as one batch, from one evaluation of the prompt: reading the weights once serves all.
 * Each token is told when it is made; what is returned at the end is all of it. As contracts.md section 4 defines it.
 * @throws Reasoned `cancelled` within a run, of one token or on a device of its own memory several, and what the
 * settings, the prompt or its length are refused for.
 */
export async function* generate(
  model: Gpt2,
  tokenizer: Tokenizer,
  { prompt, forced = [], settings, top }: Omit<GenerateRequest, 'model' | 'device'>,
  { signal, onProgress }: GenerateOptions = {},
): AsyncGenerator<GenerationUpdate, Generated> {
  const { vocabularySize, positions } = model.config;
  requireSettings(settings);
  for (const column of settings) requireIdsOf(column, vocabularySize);
  requireIds(forced, vocabularySize, 'The branch');
  const given = promptTokens(prompt, tokenizer);
  const ids = [...given.map(({ id }) => id), ...forced];
  requireToFit(ids.length, positions);

  const cache = new SharedCache(model, top, signal);
  const reading = progressMeter({ message: 'Reading the prompt', unit: 'tokens', total: ids.length }, onProgress);
  const { rows, next } = await cache.read(ids, reading);
  const hypothesis = { ids, rows, tokens: [], logProbability: 0, written: beginningAfter(forced, tokenizer) };
  const beginning = { hypothesis, tokenizer, top, contextLength: positions, endTokens: endTokensOf(model, tokenizer) };
  const columns = settings.map((column, index) => new Column(index, column, beginning));
  const told = { tokenizer, top, vocabularySize };
  yield* decode(columns, cache, next, told, progressOf(settings, onProgress));
  return { device: model.device, prompt: given, columns: columns.map(column => column.result()) };
}

/** Those of config.json, as in transformers; a model that names none ends its texts with `<|endoftext|>`. */
export function endTokensOf({ config }: Gpt2, { endOfText }: Tokenizer): readonly number[] {
  if (config.endTokens.length > 0 || endOfText === null) return config.endTokens;
  return [endOfText];
}

/** All columns until none has anything live: step by step, or several tokens a run where they can be drawn so. */
async function* decode(
  columns: readonly Column[],
  cache: SharedCache,
  afterPrompt: Prediction,
  told: Told,
  onTokens: (tokens: number) => void,
): AsyncGenerator<GenerationUpdate, void> {
  let predictions = columns.flatMap(({ live }) => live).map(() => afterPrompt);
  while (predictions.length > 0) {
    let taken = 0;
    for (const column of columns) {
      const own = predictions.slice(taken, taken + column.live.length);
      taken += own.length;
      if (own.length > 0) yield* column.advance(own);
    }
    onTokens(taken);
    for (let updates = await drawRun(columns, cache, told); updates; updates = await drawRun(columns, cache, told)) {
      onTokens(updates.filter(({ kind }) => kind === 'token').length);
      yield* updates;
    }
    predictions = await cache.next(columns.flatMap(({ live }) => live));
  }
}

/** A branch may begin inside a character, which what comes next completes. */
function beginningAfter(forced: readonly number[], tokenizer: Tokenizer): Hypothesis['written'] {
  const { held } = forced.reduce((text, id) => grown(text, id, tokenizer), NO_TEXT);
  return { text: '', held };
}

/** Counts tokens towards the most that there can be. */
function progressOf(settings: readonly DecodingSettings[], onProgress: OnProgress | undefined) {
  const texts = (column: DecodingSettings): number => {
    if (column.decoding === 'beam') return column.beams;
    return column.decoding === 'sample' ? (column.count ?? 1) : 1;
  };
  const total = settings.reduce((sum, column) => sum + texts(column) * column.maxNewTokens, 0);
  const meter = progressMeter({ message: 'Generating', unit: 'tokens', total }, onProgress);
  return (tokens: number): void => meter.add(tokens);
}
