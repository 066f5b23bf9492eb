import { KeyValueCache } from '../gpt2/cache.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { ProgressMeter } from '../protocol/progress.ts';
import { breathe } from '../scoring/evaluate.ts';
import type { Drawing } from './drawing.ts';
import type { Hypothesis } from './hypothesis.ts';
import type { Prediction } from './prediction.ts';
import { type DrawnTokens, drawTokens } from './run/drawTokens.ts';
import { tokensGraph } from './run/tokensGraph.ts';

/** Texts, for each of which a run of several tokens holds some arrays as long as the vocabulary. */
const MOST_IN_A_RUN = 64;

/** A text of which the newest id is not evaluated yet. */
export type CachedText = Pick<Hypothesis, 'ids' | 'rows'>;

/**
 * Keys and values of all texts that are decoded side by side, in the order in which they were evaluated: those of a
 * prompt once for all that goes on from it. A text is a list of row numbers, so that texts of different prompts need no
 * padding, and beams part and die without a copy of keys.
 */
export class SharedCache {
  private readonly model: Gpt2;
  /** Alternatives to name of each prediction. */
  private readonly top: number;
  private readonly signal: AbortSignal | undefined;
  private readonly cache: KeyValueCache;

  constructor(model: Gpt2, top: number, signal: AbortSignal | undefined) {
    this.model = model;
    this.top = Math.max(1, Math.min(top, model.config.vocabularySize));
    this.signal = signal;
    this.cache = new KeyValueCache(model.config);
  }

  /**
   * Reads a text at the positions from 0, beside whatever texts the cache holds: its rows, and what is predicted after it.
   */
  async read(ids: readonly number[], meter?: ProgressMeter): Promise<{ rows: number[]; next: Prediction }> {
    let rows: number[] = [];
    let last: Float32Array = new Float32Array();
    while (rows.length < ids.length) {
      await breathe(this.signal);
      const piece = ids.slice(rows.length, rows.length + this.model.trunkPace.rows);
      const [before, first] = [rows, this.cache.length];
      rows = [...before, ...piece.map((_, index) => first + index)];
      // Numbers beyond the cache's length are those of the run's own rows.
      const cacheRows = piece.map((_, index) => rows.slice(0, before.length + index));
      last = await this.model.hiddenStates(
        {
          ids: piece,
          positions: piece.map((_, index) => before.length + index),
          attended: { kind: 'chosen', cacheRows },
          read: rows.length === ids.length ? [piece.length - 1] : [],
        },
        this.cache,
      );
      meter?.add(piece.length);
    }
    const [next] = (await this.predictions(last)) as [Prediction];
    return { rows, next };
  }

  /** Evaluates the newest id of each text, all together, and gives what is predicted after each. */
  async next(texts: readonly CachedText[]): Promise<Prediction[]> {
    this.forgetTheDead(texts);
    const full = texts.filter(({ rows }) => rows.length >= this.model.config.positions);
    const predictions = new Map<CachedText, Prediction>();
    for (const text of full) predictions.set(text, await this.slide(text));
    const fitting = texts.filter(text => !full.includes(text));
    for (let done = 0; done < fitting.length; ) {
      const batch = fitting.slice(done, done + Math.min(this.model.trunkPace.rows, this.model.headPace.rows));
      for (const [index, ofText] of (await this.evaluateTogether(batch)).entries())
        predictions.set(batch[index] as CachedText, ofText);
      done += batch.length;
    }
    return texts.map(text => predictions.get(text) as Prediction);
  }

  /** How many tokens of each text a run may make now: none where it must end or be read anew before. */
  async roomFor(texts: readonly CachedText[]): Promise<number> {
    const { config, tokensPace } = this.model;
    if (texts.length > MOST_IN_A_RUN || !(await this.model.decodesInRuns(tokensGraph))) return 0;
    return Math.min(tokensPace.rows, ...texts.map(({ rows }) => config.positions - rows.length));
  }

  /** Draws `turns` tokens of each text in one run. */
  async draw(texts: readonly CachedText[], drawings: readonly Drawing[], turns: number): Promise<DrawnTokens> {
    await breathe(this.signal);
    this.forgetTheDead(texts);
    const first = this.cache.length;
    const drawn = await drawTokens(this.model, this.cache, texts, drawings, { turns, top: this.top });
    for (const [index, text] of texts.entries()) {
      const added = Array.from({ length: turns }, (_, turn) => first + turn * texts.length + index);
      text.rows = [...text.rows, ...added];
    }
    return drawn;
  }

  private async evaluateTogether(texts: readonly CachedText[]): Promise<Prediction[]> {
    await breathe(this.signal);
    const first = this.cache.length;
    const hidden = await this.model.hiddenStates(
      {
        ids: texts.map(({ ids }) => ids.at(-1) as number),
        positions: texts.map(({ rows }) => rows.length),
        attended: { kind: 'chosen', cacheRows: texts.map(({ rows }) => rows) },
      },
      this.cache,
    );
    for (const [index, text] of texts.entries()) text.rows = [...text.rows, first + index];
    return this.predictions(hidden);
  }

  /** hidden [N, D] → what is predicted after each. */
  private async predictions(hidden: Float32Array): Promise<Prediction[]> {
    const { width, vocabularySize } = this.model.config;
    const said = await this.model.predictions(hidden, this.top);
    return Array.from({ length: hidden.length / width }, (_, row) => {
      const logits = said.logits.subarray(row * vocabularySize, (row + 1) * vocabularySize);
      return {
        logits,
        normalizer: (logits[0] as number) - (said.logProbabilities[row] as number),
        entropy: said.entropies[row] as number,
        topIds: said.topIds.subarray(row * this.top, (row + 1) * this.top),
      };
    });
  }

  /** Reads the newest half of a full context anew, at the positions from 0. */
  private async slide(text: CachedText): Promise<Prediction> {
    const half = Math.max(1, Math.floor(this.model.config.positions / 2));
    const { rows, next } = await this.read(text.ids.slice(-half));
    text.rows = rows;
    return next;
  }

  /** When more rows are of texts that ended than of those that go on. */
  private forgetTheDead(texts: readonly CachedText[]): void {
    const lives = new Uint8Array(this.cache.length);
    for (const { rows } of texts) for (const row of rows) lives[row] = 1;
    const living = [...lives.keys()].filter(row => lives[row] === 1);
    if (this.cache.length <= 2 * living.length) return;
    this.cache.keep(living);
    const places = new Map(living.map((row, place) => [row, place]));
    for (const text of texts) text.rows = text.rows.map(row => places.get(row) as number);
  }
}
