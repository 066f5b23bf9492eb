import { FLOAT_BYTES, hasOwnMemory } from '../deviceMemory.ts';
import { goesByBlocks } from './backward.ts';
import { blockMatrices, type ModelSize, parameterCount, trainedBlocks, trainedParameters } from './modelSize.ts';
import {
  deviceMemoryBytes,
  forwardPasses,
  longestOf,
  memoryBytes,
  momentsOf,
  scoredShare,
  withBackward,
} from './memory.ts';
import type { RunSpec } from './spec.ts';

/** What is known of the data. */
export interface DataSize {
  /** Of each part, after steps and split. */
  readonly rows: Readonly<Record<'train' | 'validation' | 'test', number>>;
  /** Of a row, before it is cut. */
  readonly meanTokens: number;
}

/** How fast this machine computed a run like it. */
export interface MeasuredRate {
  readonly flopsPerSecond: number;
  /** The run's name. */
  readonly run: string;
}

/** What a run will take, roughly: nothing of it is promised. */
export interface RunEstimate {
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** Real ones, padding not counted. */
  readonly tokensPerStep: number;
  readonly trainedParameters: number;
  readonly parameters: number;
  readonly seconds: number;
  readonly memoryBytes: number;
  /** Whether gradients are found block by block, to take no more memory than that. */
  readonly byBlocks: boolean;
  /** Of the graphics card; null: the request asks for no device that has memory of its own. */
  readonly deviceMemoryBytes: number | null;
  readonly diskBytes: number;
  /** The rate that the time is estimated by. */
  readonly flopsPerSecond: number;
  /** The run that the time is estimated by; null: by a rate that is typical of processors. */
  readonly measuredBy: string | null;
}

/**
 * Of one thread, in float32, with matrices of any width: with GPT-2's 768, half of what the reference machine reaches
 * (124M parameters, forward and backward of 8 x 128 tokens in 2.4 s on two cores with AVX-512, which is 158 GFLOP/s
 * each), since most laptops are slower.
 */
const FLOPS_PER_THREAD = 120e9;
/** Small matrices keep a core less busy: with this width half as much. */
const HALF_BUSY_WIDTH = 384;
/** What a run of the graph costs beside its arithmetic: starting it, copying gradients out, a line of metrics. */
const SECONDS_PER_BATCH = 0.015;
/** More threads share the memory, and hyper-threads the units: the gain of each further one is less. */
const threadGain = (threads: number): number => threads ** 0.85;
/** AdamW takes 0.45 s for 124M parameters on one thread, in place. */
const OPTIMIZER_SECONDS_PER_PARAMETER = 3.6e-9;

/** The machine that the run is to be on, and how fast it was seen to be. */
export interface EstimatedMachine {
  readonly threads: number;
  /** All that it has. */
  readonly memoryBytes: number;
  readonly measured?: MeasuredRate | undefined;
}

export function estimateRun(
  asked: RunSpec,
  size: ModelSize,
  data: DataSize,
  { threads, measured, memoryBytes: machineBytes }: EstimatedMachine,
): RunEstimate {
  const { rows, tokensPerRow } = sequencesOf(asked, size, data);
  const spec = withBackward(asked, size, tokensPerRow, machineBytes);
  const { training } = spec;
  const processes = spec.backend === 'torch' ? spec.torch.processes : 1;
  const rowsPerStep = training.batchSize * training.accumulation * processes;
  const stepsPerEpoch = Math.max(1, (training.dropLast ? Math.floor : Math.ceil)(rows / rowsPerStep));
  const steps = training.maxSteps ?? stepsPerEpoch * training.epochs;
  const tokensPerStep = tokensPerRow * Math.min(rowsPerStep, rows);
  const rate = measured?.flopsPerSecond ?? typicalRate(size, threads);
  const trained = trainedParameters(size, spec);
  const epochs = steps / stepsPerEpoch;
  const stepSeconds =
    (tokensPerStep * flopsPerToken(spec, size, tokensPerRow, epochs)) / rate +
    (measured ? 0 : trained * OPTIMIZER_SECONDS_PER_PARAMETER + training.accumulation * SECONDS_PER_BATCH);
  const evaluated = evaluatedTokens(spec, data, { steps, stepsPerEpoch, tokensPerRow });
  return {
    steps,
    stepsPerEpoch,
    tokensPerStep: Math.round(tokensPerStep),
    parameters: parameterCount(size),
    trainedParameters: trained,
    seconds: steps * stepSeconds + (evaluated * forwardPasses(spec) * forwardFlops(spec, size, tokensPerRow)) / rate,
    memoryBytes: memoryBytes(spec, size, tokensPerRow),
    byBlocks: goesByBlocks(spec, trainedBlocks(size, spec)),
    deviceMemoryBytes: hasOwnMemory(spec.device) ? deviceMemoryBytes(spec, size, tokensPerRow) : null,
    diskBytes: diskBytes(spec, size, data, tokensPerRow),
    flopsPerSecond: rate,
    measuredBy: measured?.run ?? null,
  };
}

const typicalRate = ({ width }: ModelSize, threads: number): number =>
  FLOPS_PER_THREAD * (width / (width + HALF_BUSY_WIDTH)) * threadGain(threads);

/** What a token costs in training: how a run's tokens a second become this machine's rate. */
export const flopsPerToken = (spec: RunSpec, size: ModelSize, tokensPerRow: number, epochs: number): number => {
  const blocks = trainedBlocks(size, spec);
  const block = blockFlops(size, tokensPerRow);
  // What lies below the trained blocks is computed once and kept, where no dropout changes it.
  const frozen = (size.layers - blocks) / (spec.training.dropout === 0 ? Math.max(1, epochs) : 1);
  const backward = 'lora' in spec.trainable ? 1 : 2; // an adapter needs no gradients of the large matrices
  const anew = goesByBlocks(spec, blocks) ? 1 : 0;
  const update = block * (frozen + blocks * (1 + anew + backward)) + 3 * headFlops(spec, size);
  if (spec.method !== 'ppo') return update;
  return spec.ppo.epochsPerBatch * update + forwardPasses(spec) * forwardFlops(spec, size, tokensPerRow);
};

const forwardFlops = (spec: RunSpec, size: ModelSize, tokensPerRow: number): number =>
  size.layers * blockFlops(size, tokensPerRow) + headFlops(spec, size);

/** Of a token in a block: two for each weight, and attention over half of the tokens before it, twice. */
const blockFlops = (size: ModelSize, tokens: number): number => 2 * blockMatrices(size) + 2 * tokens * size.width;

const headFlops = (spec: RunSpec, { vocabulary, width }: ModelSize): number =>
  2 * vocabulary * width * scoredShare(spec);

/** Of a pair both answers go through the model. */
const sequencesPerRow = ({ method }: RunSpec): number => (method === 'reward' || method === 'dpo' ? 2 : 1);

/** How many sequences train and how long they are: rows, or for lm the pieces of all texts together. */
function sequencesOf(spec: RunSpec, size: ModelSize, data: DataSize): { rows: number; tokensPerRow: number } {
  const longest = longestOf(spec, size);
  if (spec.method !== 'lm') {
    const answer = spec.method === 'ppo' ? spec.ppo.maxNewTokens : 0;
    const prompt = Math.min(data.meanTokens, longest - answer, spec.training.maxPromptLength ?? longest);
    const tokensPerRow = sequencesPerRow(spec) * (prompt + answer);
    return { rows: data.rows.train, tokensPerRow };
  }
  const tokens = data.rows.train * data.meanTokens;
  const rows = Math.max(1, Math.ceil(tokens / longest));
  return { rows, tokensPerRow: tokens / rows };
}

/** Tokens of all evaluations on the way and at the end. */
function evaluatedTokens(
  { training }: RunSpec,
  { rows, meanTokens }: DataSize,
  { steps, stepsPerEpoch, tokensPerRow }: { steps: number; stepsPerEpoch: number; tokensPerRow: number },
): number {
  const every = training.evaluateEvery === 'epoch' ? stepsPerEpoch : training.evaluateEvery;
  const most = training.evaluationBatches === null ? Infinity : training.evaluationBatches * training.batchSize;
  const onTheWay = Math.min(rows.train, most) + Math.min(rows.validation, most);
  const atTheEnd = rows.train + rows.validation + rows.test;
  return (1 + Math.floor(steps / every)) * onTheWay * tokensPerRow + atTheEnd * Math.min(meanTokens, tokensPerRow);
}

/** Checkpoints with the optimizer's state, the model at the end and the best one, and the prepared examples. */
function diskBytes(spec: RunSpec, size: ModelSize, data: DataSize, tokensPerRow: number): number {
  const { training } = spec;
  const trained = trainedParameters(size, spec);
  const saved = 'lora' in spec.trainable ? trained : parameterCount(size);
  const models = 1 + (training.keepBest === null ? 0 : 1);
  // One more stands there while the oldest is not deleted yet.
  const numbers = models * saved + (training.keepCheckpoints + 1) * (saved + momentsOf(spec) * trained);
  const rows = data.rows.train + data.rows.validation + data.rows.test;
  return numbers * FLOAT_BYTES + rows * Math.max(data.meanTokens, tokensPerRow) * (FLOAT_BYTES + 1);
}
