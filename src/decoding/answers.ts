import type { Gpt2 } from '../gpt2/model.ts';
import { temperature as atTemperature } from './filters.ts';
import type { Prediction } from './prediction.ts';
import { draw, type Uniform } from './sampler.ts';
import { type CachedText, SharedCache } from './sharedCache.ts';

/** A prompt's ids, not empty, and what its answer is drawn with. */
export interface Asked {
  readonly prompt: ArrayLike<number>;
  readonly uniform: Uniform;
}

export interface AnswerSettings {
  readonly temperature: number;
  readonly maxNewTokens: number;
  readonly endTokens: readonly number[];
  /** Called before each token of all. */
  breathe(): Promise<void>;
}

interface Answering extends CachedText {
  readonly ids: number[];
  readonly response: number[];
  readonly uniform: Uniform;
}

/**
 * Samples an answer to each prompt, all together: reading the weights once serves all. An answer is the ids up to and with
 * the token that ends it, or as many as there may be. What is drawn for a prompt depends on its own numbers alone. Nothing
 * is told of its tokens, unlike by `generateEach`: that takes several passes over the vocabulary for each.
 * @throws Reasoned where the model's predictions are no numbers
 */
export async function sampleAnswers(
  model: Gpt2,
  asked: readonly Asked[],
  { temperature, maxNewTokens, endTokens, breathe }: AnswerSettings,
): Promise<number[][]> {
  const cache = new SharedCache(model, 1, undefined);
  const answering: Answering[] = [];
  let predictions: Prediction[] = [];
  for (const { prompt, uniform } of asked) {
    await breathe();
    const ids = Array.from(prompt);
    const { rows, next } = await cache.read(ids);
    answering.push({ ids, rows, response: [], uniform });
    predictions.push(next);
  }
  const scale = atTemperature(temperature);
  for (let live = answering; live.length > 0; ) {
    for (const [index, { ids, response, uniform }] of live.entries()) {
      const scores = (predictions[index] as Prediction).logits.slice();
      scale(scores, ids);
      const id = draw(scores, uniform);
      ids.push(id);
      response.push(id);
    }
    const ended = ({ response }: Answering): boolean =>
      response.length >= maxNewTokens || endTokens.includes(response.at(-1) as number);
    live = live.filter(each => !ended(each));
    if (live.length === 0) break;
    await breathe();
    predictions = await cache.next(live);
  }
  return answering.map(({ response }) => response);
}
