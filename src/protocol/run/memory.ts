import { DEVICE_BYTES, FLOAT_BYTES, hasOwnMemory } from '../deviceMemory.ts';
import { goesByBlocks, hasParts, stepsOnCard } from './backward.ts';
import { blockParameters, type ModelSize, parameterCount, trainedBlocks, trainedParameters } from './modelSize.ts';
import type { RunSpec } from './spec.ts';

/** The process without a model. */
const PROCESS_BYTES = 150e6;
/** Of the states of an ONNX Loop: the first, the present and the next ones. */
const STATE_COPIES = 3;
/** Activations that backward needs, in numbers of the model's width per token and block (Korthikanti et al. 2022, without dropout). */
const KEPT_WIDTHS = 15;
/** Logits, their softmax and its gradient. */
const LOGIT_COPIES = 3;
/** Who maps frozen weights: what trains, and what evaluates. */
const MAPPINGS = 2;
/** The share of an instruction's tokens that are its answer, where only those are learned. */
const COMPLETION_SHARE = 0.5;
/** Of the machine's memory, for a way back through all blocks at once. */
const SHARE_OF_MEMORY = 1 / 2;

/** The request with what `training.backward` comes to on a machine of so much memory. */
export function withBackward(spec: RunSpec, size: ModelSize, tokensPerRow: number, machineBytes: number): RunSpec {
  if (spec.training.backward !== 'auto' || spec.backend !== 'onnx') return spec;
  const as = (backward: 'whole' | 'blocks'): RunSpec => ({ ...spec, training: { ...spec.training, backward } });
  // A card's memory is not the machine's.
  const chooses = hasParts(spec, trainedBlocks(size, spec)) && !hasOwnMemory(spec.device);
  const fits = memoryBytes(as('whole'), size, tokensPerRow) <= machineBytes * SHARE_OF_MEMORY;
  return as(fits || !chooses ? 'whole' : 'blocks');
}

/**
 * The most that the process holds at once: weights, what the optimizer remembers, and the way back or samples, whichever
 * takes more. Frozen weights lie in their file, whose pages the system counts for each who maps them.
 */
export function memoryBytes(spec: RunSpec, size: ModelSize, tokensPerRow: number): number {
  const trained = trainedParameters(size, spec);
  const frozen = frozenParameters(spec, size);
  const weights = parameterCount(size) * (1 + otherModels(spec)) + frozen * (MAPPINGS - 1);
  const scores = spec.method === 'classification' || spec.method === 'reward';
  const inTurn = Math.max(wayBack(spec, size, tokensPerRow), scores ? 0 : frozen); // samples are written by a copy
  return PROCESS_BYTES + (weights + trained * momentsOf(spec) + inTurn) * FLOAT_BYTES;
}

/** The starting model and the reward model stay in memory beside a policy. */
const otherModels = (spec: RunSpec): number => (spec.method === 'ppo' ? forwardPasses(spec) - 2 : 0);

/** What stays in the model's file while the rest, or an adapter beside it, trains. */
const frozenParameters = (spec: RunSpec, size: ModelSize): number =>
  'lora' in spec.trainable ? parameterCount(size) : Math.max(0, parameterCount(size) - trainedParameters(size, spec));

/**
 * Gradients come out as copies, so that those of a run are there twice at its end; by then it needs no activations any
 * more. By blocks, that holds of a block, beside the gradients of all and the states that enter each.
 */
function wayBack(spec: RunSpec, size: ModelSize, tokensPerRow: number): number {
  const trained = trainedParameters(size, spec);
  const blocks = trainedBlocks(size, spec);
  const { perBlock, ending, states } = activations(spec, size, tokensPerRow);
  if (!goesByBlocks(spec, blocks)) return trained + Math.max(trained, Math.max(1, blocks) * perBlock + ending);
  const largest = Math.min(trained, Math.max(blockParameters(size), size.vocabulary * size.width));
  return trained + blocks * states + Math.max(largest, perBlock + ending);
}

/**
 * What a run takes of a card's own memory. Where steps are taken there, several a run, what trains and what the optimizer
 * remembers are there three times: as they came in, as they are, and as the step leaves them; gradients once, and three
 * times more for each of summing micro-batches and trying a scale. Where gradients come out, what trains is there once,
 * and by blocks the way back of one.
 */
export function deviceMemoryBytes(spec: RunSpec, size: ModelSize, tokensPerRow: number): number {
  const trained = trainedParameters(size, spec);
  const frozen = parameterCount(size) - Math.min(trained, parameterCount(size));
  if (!stepsOnCard(spec)) {
    const others = otherModels(spec) * parameterCount(size);
    return DEVICE_BYTES + (frozen + others + trained + wayBack(spec, size, tokensPerRow)) * FLOAT_BYTES;
  }
  const states = STATE_COPIES * (1 + momentsOf(spec));
  const loops = Number(spec.training.accumulation > 1) + Number(spec.precision === 'f16');
  const gradients = 1 + loops * STATE_COPIES;
  const { perBlock, ending } = activations(spec, size, tokensPerRow);
  const kept = Math.max(1, trainedBlocks(size, spec)) * perBlock + ending;
  return DEVICE_BYTES + (frozen + trained * (states + gradients) + kept) * FLOAT_BYTES;
}

/** How many numbers the optimizer remembers of each parameter. */
export const momentsOf = ({ training: { optimizer, momentum } }: RunSpec): number =>
  optimizer === 'adamw' ? 2 : momentum > 0 ? 1 : 0;

/** Numbers that a micro-batch leaves for its way back: in each block, at the head, and those that enter a block. */
function activations(
  spec: RunSpec,
  size: ModelSize,
  tokensPerRow: number,
): { readonly perBlock: number; readonly ending: number; readonly states: number } {
  const { training } = spec;
  // Batches are as long as their longest row, or as what they are filled up to.
  const length =
    typeof training.padding === 'number' ? training.padding : Math.min(longestOf(spec, size), 2 * tokensPerRow);
  const tokens = training.batchSize * length;
  return {
    perBlock: tokens * (KEPT_WIDTHS * size.width + 2 * size.heads * length),
    ending: tokens * scoredShare(spec) * size.vocabulary * LOGIT_COPIES,
    states: tokens * size.width,
  };
}

/** The share of tokens that reach the head for tokens. */
export function scoredShare({ method, training }: RunSpec): number {
  if (method === 'classification' || method === 'reward') return 0;
  const ofAnswers = method === 'dpo' || method === 'ppo' || (method === 'sft' && training.completionOnly);
  return ofAnswers ? COMPLETION_SHARE : 1;
}

export const longestOf = ({ training }: RunSpec, { positions }: ModelSize): number => training.maxLength ?? positions;

/** How often a token goes through a model forward alone: an answer is written, asked about, compared, and scored. */
export const forwardPasses = ({ method, ppo }: RunSpec): number =>
  method === 'ppo' ? 3 + Number(ppo.rewardModel !== null) : 1;
