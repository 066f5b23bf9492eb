import { type Device, onBestDevice } from '../onnx/devices.ts';
import type { Graph } from '../onnx/graph.ts';
import { createSession, type Feeds, float32, int64, type Numbers, type Session } from '../onnx/session.ts';
import type { OpenOptions } from '../models/weights.ts';
import type { DevicePreference, DeviceReport } from '../protocol/engine.ts';
import type { KeyValueCache } from './cache.ts';
import { type Gpt2Config, readConfig } from './config.ts';
import { headGraph, trunkGraph } from './graphs.ts';
import { type HeadStatistics, statisticsOf } from './headStatistics.ts';
import { type Attended, attentionMask } from './mask.ts';
import { refuseNotANumber } from './notANumber.ts';
import { Pace } from './pace.ts';
import { openWeights, type Weights } from './weights.ts';

/** Rows to evaluate in one run: the token and position of each, and which of the others it sees. */
export interface Rows {
  readonly ids: readonly number[];
  readonly positions: readonly number[];
  readonly attended: Attended;
}

export interface LoadOptions extends OpenOptions {
  readonly device: DevicePreference;
  /** Absent: all that the machine has. */
  readonly threads?: number | undefined;
}

/**
 * Loads a model folder on the best device.
 * @throws Reasoned what readConfig, openWeights and onBestDevice throw.
 */
export async function loadGpt2(folder: string, { device, threads, ...options }: LoadOptions): Promise<Gpt2> {
  const config = await readConfig(folder);
  const weights = await openWeights(folder, config, options);
  return onBestDevice(device, threads, async chosen => {
    const open = (graph: Graph): Promise<Run> => openRun(graph, weights, chosen);
    const trunk = await open(trunkGraph(config, weights));
    const head = await open(headGraph(config, weights));
    return new Gpt2(config, weights, chosen.report, { trunk, head });
  });
}

/** A loaded GPT-2: a trunk from tokens to hidden states, and a head from hidden states to predictions. */
export class Gpt2 {
  readonly config: Gpt2Config;
  readonly device: DeviceReport;
  /** How many rows of the trunk, and positions of the head, a run may hold so that it stays short. */
  readonly trunkPace = new Pace(128);
  readonly headPace = new Pace(64);
  private readonly weights: Weights;
  private readonly runs: { readonly trunk: Run; readonly head: Run };

  constructor(config: Gpt2Config, weights: Weights, device: DeviceReport, runs: Gpt2['runs']) {
    this.config = config;
    this.weights = weights;
    this.device = device;
    this.runs = runs;
  }

  get warnings(): readonly string[] {
    return this.weights.warnings;
  }

  /** The final hidden states [S, D] of the rows, whose keys and values are appended to the cache. */
  async hiddenStates({ ids, positions, attended }: Rows, cache: KeyValueCache): Promise<Float32Array> {
    const mask = attentionMask(ids.length, cache, attended);
    const feeds = { ids: int64(ids), positions: int64(positions), mask, ...cache.feeds() };
    const results = await this.trunkPace.timed(ids.length, () => this.runs.trunk.run(feeds));
    cache.append(results, ids.length);
    return results['hidden'] as Float32Array;
  }

  /** hidden [N, D] and the N tokens that came → what the head said of each, with its `top` (at least 1) likeliest. */
  async statistics(hidden: Float32Array, targets: readonly number[], top: number): Promise<HeadStatistics> {
    const feeds = {
      hidden: float32(hidden, [targets.length, this.config.width]),
      targets: int64(targets, [targets.length, 1]),
      top: int64([top]),
    };
    const results = await this.headPace.timed(targets.length, () => this.runs.head.run(feeds));
    // The sum over the vocabulary: it is spoiled by a single logit, also one of -Infinity, whose probability would be 0.
    await refuseNotANumber(results['meanBelowBest'] as Float32Array, this.weights);
    return statisticsOf(results, top);
  }

  async dispose(): Promise<void> {
    for (const { dispose } of Object.values(this.runs)) await dispose();
  }
}

/** A session together with the weights that it takes as inputs. */
interface Run {
  run(feeds: Feeds): Promise<Readonly<Record<string, Numbers>>>;
  dispose(): Promise<void>;
}

async function openRun(graph: Graph, { tensors, folder }: Weights, { provider, report }: Device): Promise<Run> {
  const session: Session = await createSession(graph, { weightsFolder: folder, provider, threads: report.threads });
  const held = graph.inputs.flatMap(({ name }) => {
    const weight = tensors.get(name);
    return weight?.values ? [[name, float32(weight.values, weight.shape)] as const] : [];
  });
  const weights = Object.fromEntries(held);
  return { run: feeds => session.run({ ...feeds, ...weights }), dispose: () => session.dispose() };
}
