/**
 * What the training loop asks of a model: it knows neither graphs nor methods by name.
 * Letters: R rows of a micro-batch (each of one or more sequences), S tokens of all of them.
 */
import type { Gpt2 } from '../gpt2/model.ts';
import type { Examples } from './examples/examples.ts';
import type { Kept } from './state.ts';

/** Some rows of a part, to be evaluated together. */
export interface MicroBatch {
  readonly examples: Examples;
  /** Numbers of rows within the part. */
  readonly rows: readonly number[];
}

/** What the loss is a mean over: scored tokens (lm, sft), rows (classification, reward, dpo), or states (ppo). */
export interface Figures {
  /** Sum of the loss over the micro-batch's units. */
  readonly lossSum: number;
  readonly units: number;
  /** The method's further figures by the name of their metric, such as `accuracy`: each is the mean sum / count. */
  readonly sums: Readonly<Record<string, { readonly sum: number; readonly count: number }>>;
  /** Real tokens, padding not counted. */
  readonly tokens: number;
}

/** What decides every dropout mask: with the same numbers the masks are the same. */
export interface DropoutKey {
  readonly seed: number;
  readonly step: number;
  readonly microBatch: number;
}

/** A step to take. */
export interface Step {
  /** From 1. */
  readonly number: number;
  readonly learningRate: number;
  readonly batches: readonly MicroBatch[];
  /** What the step before left it; absent: nothing. */
  readonly kept?: Kept;
}

/** What a step came to, with the weights before its update. */
export interface TakenStep {
  /** Of each micro-batch. */
  readonly figures: readonly Figures[];
  /** Before clipping. */
  readonly gradientNorm: number;
  /** Where it is not what the step was given. */
  readonly kept?: Kept;
}

/** What an optimizer remembers, live: tensors by the names that a checkpoint gives them. */
export type Memory = ReadonlyArray<Pick<Parameter, 'name' | 'shape' | 'values'>>;

/** Takes steps, one after another. */
export interface StepTaker {
  /** How many steps are best taken in one call. */
  readonly atOnce: number;
  /** @throws Reasoned `out-of-memory`, `runtime-failed`. A figure that is no number is for the loop to refuse. */
  take(steps: readonly Step[]): Promise<readonly TakenStep[]>;
}

export interface Learner {
  readonly device: string;
  /** What a reader of the run's result should know, such as a head that transformers' own class does not have. */
  readonly notes: readonly string[];
  /** Present where the model learns from what it makes of rows; absent: it learns from the rows themselves. */
  readonly collector?: Collector | undefined;
  /** The trainable parameters by name, live: the optimizer changes their numbers in place. */
  readonly parameters: ReadonlyArray<Parameter>;
  /** How many units a micro-batch has, before it is run. */
  unitsOf(batch: MicroBatch): number;
  /**
   * Forward and backward: adds to each parameter's `gradient` the gradient of lossSum / unitsOfStep.
   * @throws Reasoned `out-of-memory`, `runtime-failed`. A loss that is no number is for the loop to refuse.
   */
  accumulate(batch: MicroBatch, unitsOfStep: number, dropout: DropoutKey): Promise<Figures>;
  /** Forgets the gradients, once a step is taken: cheaper than zeros, since the next run's results become the sums. */
  clearGradients(): void;
  /**
   * Takes steps itself, several in one run, where what trains should stay on the device in between; the optimizer's memory
   * is changed with the parameters. Absent: `accumulate` gives gradients, and all else is done outside.
   */
  readonly stepsOnDevice?: (memory: Memory) => StepTaker;
  /** Forward alone, without dropout. `predictions`: the label of each row, where rows have labels. */
  evaluate(batch: MicroBatch): Promise<Figures & { readonly predictions?: readonly number[] }>;
  /**
   * The model as it stands, to decode samples with: trained numbers are read where they lie, adapters are merged anew at
   * each call. The learner keeps it until it is closed. Null for a method whose model predicts no tokens.
   */
  decodingModel(): Promise<Gpt2 | null>;
  /** Lets go of what that model takes beside the one that trains: with an adapter, copies of most weights. */
  closeDecodingModel(): Promise<void>;
  /** Writes the model folder, or the adapter, as it stands: it can be read back by `openLearner`. */
  save(folder: string): Promise<void>;
  dispose(): Promise<void>;
}

/** Collects what a step learns from: answers of the model as it stands, and what they are worth. */
export interface Collector {
  /** How many updates are made from what was collected, each from all of it. */
  readonly updates: number;
  collect(batches: readonly MicroBatch[], call: CollectCall): Promise<Collected>;
  /** What each answer is worth. */
  score(answers: readonly Answer[]): Promise<number[]>;
}

export interface CollectCall {
  /** What everything drawn follows from, with the number of each row: the same text draws the same. */
  readonly draw: string;
  readonly kept: Kept;
  /** Called between native calls, which keep all else waiting. */
  breathe(): Promise<void>;
}

export interface Collected {
  readonly batches: readonly MicroBatch[];
  readonly sums: Figures['sums'];
  /** What the next step is to know. */
  readonly kept: Kept;
}

/** What was written after a prompt. */
export interface Answer {
  readonly prompt: ArrayLike<number>;
  /** With the token that ended it, where one did. */
  readonly response: readonly number[];
  /** Index into the labels, where rows have labels. */
  readonly label: number | null;
}

/** A trainable tensor. */
export interface Parameter {
  /** As the saved model folder (or adapter) names it, such as `transformer.h.0.attn.c_attn.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Summed over the micro-batches of a step, until `clearGradients`; all zeros before the first. */
  readonly gradient: Float32Array;
}
