import type { ElementType, Graph } from '../onnx/graph.ts';
import { runtimeFailure } from '../onnx/runtime.ts';
import { type Feeds, float32, int64, type Numbers, type Session } from '../onnx/session.ts';
import { hasOwnMemory, inferenceDeviceBytes, scoringDeviceBytes } from '../protocol/deviceMemory.ts';
import type { DeviceReport } from '../protocol/engine.ts';
import { Reasoned } from '../protocol/result.ts';
import type { KeyValueCache } from './cache.ts';
import { type Gpt2Config, sizeOf } from './config.ts';
import { type HeadStatistics, STATISTICS, statisticsOf } from './headStatistics.ts';
import { type Attended, attentionMask } from './mask.ts';
import { refuseNotANumber } from './notANumber.ts';
import { Pace } from './pace.ts';
import type { StoredWeight, Weights } from './weights.ts';

/** Rows to evaluate in one run: the token and position of each, and which of the others it sees. */
export interface Rows {
  readonly ids: readonly number[];
  readonly positions: readonly number[];
  readonly attended: Attended;
  /** Those of them whose final hidden states are wanted, which costs less than all; absent: all. */
  readonly read?: readonly number[];
}

/** A graph that makes several tokens a run. */
export type TokensGraph = (config: Gpt2Config, weights: Weights<StoredWeight>, products: ElementType | null) => Graph;

/** A model's graphs, opened where it runs. */
export interface Runs {
  readonly trunk: Session;
  /** A classifier that was saved without a head for tokens has none. */
  readonly head: Session | null;
  /** Null where tokens are better made one a run. */
  readonly openTokens: ((build: TokensGraph) => Promise<Session>) | null;
}

/** A sum over the vocabulary: a single logit spoils it, also one of -Infinity, whose probability would be 0. */
const SUM_OF_ALL = 'meanBelowBest';

/**
 * Rows of several texts that go through a processor side by side. Attention is computed between all of them, whoever sees
 * whom: with more, that takes more of a run than reading the weights less often saves.
 */
const SIDE_BY_SIDE = 128;

/** A loaded GPT-2: a trunk from tokens to hidden states, and a head from hidden states to predictions. */
export class Gpt2 {
  readonly config: Gpt2Config;
  readonly device: DeviceReport;
  /** How many rows of the trunk, and positions of the head, a run may hold so that it stays short. */
  readonly trunkPace = new Pace(256);
  readonly headPace = new Pace(64);
  /** How many tokens of each text a run may make: few enough that they seem to flow. */
  readonly tokensPace = new Pace(32);
  private readonly weights: Weights<StoredWeight>;
  private readonly runs: Runs;
  /** The graph that makes several tokens a run, once it was asked for; null in it: there is no memory for it. */
  private tokensRun: Promise<Session | null> | null = null;

  constructor(config: Gpt2Config, weights: Weights<StoredWeight>, device: DeviceReport, runs: Runs) {
    this.config = config;
    this.weights = weights;
    this.device = device;
    this.runs = runs;
  }

  get warnings(): readonly string[] {
    return this.weights.warnings;
  }

  /** How many rows of several texts a run of the trunk may hold. */
  get sideBySideRows(): number {
    const { rows } = this.trunkPace;
    return this.device.device === 'cpu' ? Math.min(rows, SIDE_BY_SIDE) : rows;
  }

  /** What it takes of a device's own memory, an estimate; on one that has none, what it would take elsewhere. */
  get deviceBytes(): number {
    const scoresAlone = hasOwnMemory(this.device.device) && !this.runs.openTokens;
    const bytes = scoresAlone ? scoringDeviceBytes : inferenceDeviceBytes;
    return bytes(sizeOf(this.config), this.device.precision);
  }

  get predictsTokens(): boolean {
    return this.runs.head !== null;
  }

  /**
   * Whether several tokens are made a run, since what comes out of a run crosses to another memory. It opens their graph,
   * which has the weights beside the other two: where there is no memory for it, tokens are made one a run.
   * @throws Reasoned `runtime-failed`
   */
  async decodesInRuns(build: TokensGraph): Promise<boolean> {
    return (await this.openedTokens(build)) !== null;
  }

  /** The final hidden states [N, D] of the rows that are read; the keys and values of all are appended to the cache. */
  async hiddenStates(rows: Rows, cache: KeyValueCache): Promise<Float32Array> {
    const results = await this.trunk(rows, cache);
    cache.append(results, rows.ids.length);
    return this.hiddenIn(results, rows);
  }

  /** The same for rows that nothing will follow: their keys and values are not even copied out. */
  async lastHiddenStates(rows: Rows, cache: KeyValueCache): Promise<Float32Array> {
    return this.hiddenIn(await this.trunk(rows, cache, ['hidden']), rows);
  }

  /** Where nothing is read a row is, as the kernels multiply no empty matrix; it is dropped here. */
  private hiddenIn(results: Readonly<Record<string, Numbers>>, { ids, read = ids }: Rows): Float32Array {
    return (results['hidden'] as Float32Array).subarray(0, read.length * this.config.width);
  }

  private trunk({ ids, positions, attended, read }: Rows, cache: KeyValueCache, outputs?: readonly string[]) {
    const mask = attentionMask(ids.length, cache, attended);
    const rowsRead = read ?? [...ids.keys()];
    const feeds = {
      ids: int64(ids),
      positions: int64(positions),
      read: int64(rowsRead.length > 0 ? rowsRead : [0]),
      mask,
      ...cache.feeds(),
    };
    return this.trunkPace.timed(ids.length, () => this.runs.trunk.run(feeds, outputs));
  }

  /** hidden [N, D] and the N tokens that came → what the head said of each, with its `top` (at least 1) likeliest. */
  async statistics(hidden: Float32Array, targets: readonly number[], top: number): Promise<HeadStatistics> {
    return statisticsOf(await this.head(hidden, targets, top, STATISTICS), top);
  }

  /**
   * hidden [N, D] → the logits of the next token of each, [N, V], with its `top` (at least 1) likeliest. The other
   * figures are those of token 0, which say of any token what it is worth: log p = logit - logits[0] + log p[0].
   */
  async predictions(hidden: Float32Array, top: number): Promise<HeadStatistics & { readonly logits: Float32Array }> {
    const anyTarget = new Array<number>(hidden.length / this.config.width).fill(0);
    const results = await this.head(hidden, anyTarget, top, [...STATISTICS, 'logits']);
    return { ...statisticsOf(results, top), logits: results['logits'] as Float32Array };
  }

  private async head(hidden: Float32Array, targets: readonly number[], top: number, outputs: readonly string[]) {
    const { head } = this.runs;
    if (!head) throw noTokenHead();
    const feeds = {
      hidden: float32(hidden, [targets.length, this.config.width]),
      targets: int64(targets, [targets.length, 1]),
      top: int64([top]),
    };
    const results = await this.headPace.timed(targets.length, () => head.run(feeds, outputs));
    await refuseNotANumber(results[SUM_OF_ALL] as Float32Array, this.weights);
    return results;
  }

  /**
   * Makes `turns` tokens of several texts, of which the graph tells with the statistics of a head; only where it
   * `decodesInRuns`.
   */
  async tokens(build: TokensGraph, turns: number, feeds: Feeds): Promise<Readonly<Record<string, Numbers>>> {
    const session = await this.openedTokens(build);
    if (!session) throw new Error('this model makes one token a run');
    const results = await this.tokensPace.timed(turns, () => session.run(feeds));
    await refuseNotANumber(results[SUM_OF_ALL] as Float32Array, this.weights);
    return results;
  }

  private async openedTokens(build: TokensGraph): Promise<Session | null> {
    const { openTokens } = this.runs;
    if (!openTokens) return null;
    this.tokensRun ??= openTokens(build).catch((error: unknown) => {
      const failure = runtimeFailure('while loading the model', error, this.device.device);
      if (failure.code === 'out-of-memory') return null;
      this.tokensRun = null;
      throw failure;
    });
    return this.tokensRun;
  }

  async dispose(): Promise<void> {
    const tokens = await this.tokensRun?.catch(() => null);
    await Promise.all([this.runs.trunk, this.runs.head, tokens].map(session => session?.dispose()));
  }
}

const noTokenHead = (): Reasoned =>
  new Reasoned(
    'token-head-missing',
    'This model is a classifier that was saved without lm_head.weight: it predicts labels, and no tokens.',
    'Classify with it, or choose another model for scoring and generating.',
  );
