import type { Gpt2 } from '../gpt2/model.ts';
import { atTemperatureAlone } from './drawing.ts';
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
  /** Called before each run, which makes a token of all, or on a device of its own memory several. */
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
  settings: AnswerSettings,
): Promise<number[][]> {
  const cache = new SharedCache(model, 1, undefined);
  const answering: Answering[] = [];
  let predictions: Prediction[] = [];
  for (const { prompt, uniform } of asked) {
    await settings.breathe();
    const ids = Array.from(prompt);
    const { rows, next } = await cache.read(ids);
    answering.push({ ids, rows, response: [], uniform });
    predictions.push(next);
  }
  const scale = atTemperature(settings.temperature);
  for (let live: readonly Answering[] = answering; live.length > 0; ) {
    for (const [index, answer] of live.entries()) {
      const scores = (predictions[index] as Prediction).logits.slice();
      scale(scores, answer.ids);
      take(answer, draw(scores, answer.uniform));
    }
    live = await drawnInRuns(notEnded(live, settings), cache, settings);
    if (live.length === 0) break;
    await settings.breathe();
    predictions = await cache.next(live);
  }
  return answering.map(({ response }) => response);
}

/** Several tokens of all in each run, as long as that can be done; what is left then, and asks for a token. */
async function drawnInRuns(
  answering: readonly Answering[],
  cache: SharedCache,
  settings: AnswerSettings,
): Promise<readonly Answering[]> {
  for (let live = answering; ; live = notEnded(live, settings)) {
    const most = Math.max(0, ...live.map(({ response }) => settings.maxNewTokens - response.length));
    const turns = most && Math.min(most, await cache.roomFor(live));
    if (turns === 0) return live;
    await settings.breathe();
    const drawings = live.map(({ uniform }) => atTemperatureAlone(settings.temperature, uniform));
    const { ids } = await cache.draw(live, drawings, turns);
    for (const [place, id] of ids.entries()) {
      const answer = live[place % live.length] as Answering;
      if (!hasEnded(answer, settings)) take(answer, id);
    }
  }
}

function take({ ids, response }: Answering, id: number): void {
  ids.push(id);
  response.push(id);
}

const hasEnded = ({ response }: Answering, { maxNewTokens, endTokens }: AnswerSettings): boolean =>
  response.length >= maxNewTokens || endTokens.includes(response.at(-1) as number);

const notEnded = (answering: readonly Answering[], settings: AnswerSettings): readonly Answering[] =>
  answering.filter(answer => !hasEnded(answer, settings));
