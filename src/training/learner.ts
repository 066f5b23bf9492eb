/**
 * What the training loop asks of a model: it knows neither graphs nor methods by name.
 * Letters: R rows of a micro-batch (each of one or more sequences), S tokens of all of them.
 */
import type { Examples } from './examples/examples.ts';

/** Some rows of a part, to be evaluated together. */
export interface MicroBatch {
  readonly examples: Examples;
  /** Numbers of rows within the part. */
  readonly rows: readonly number[];
}

/** What the loss is a mean over: scored tokens (lm, sft) or rows (classification, reward, dpo). */
export interface Figures {
  /** Sum of the loss over the micro-batch's units. */
  readonly lossSum: number;
  readonly units: number;
  /** Sums of the method's further figures, such as how many rows were classified rightly, over `rows` or units. */
  readonly sums: Readonly<Record<string, number>>;
  /** Real tokens, padding not counted. */
  readonly tokens: number;
}

/** What decides every dropout mask: with the same numbers the masks are the same. */
export interface DropoutKey {
  readonly seed: number;
  readonly step: number;
  readonly microBatch: number;
}

export interface Learner {
  readonly device: string;
  /** The trainable parameters by name, live: the optimizer changes their numbers in place. */
  readonly parameters: ReadonlyArray<Parameter>;
  /** How many units a micro-batch has, before it is run. */
  unitsOf(batch: MicroBatch): number;
  /**
   * Forward and backward: adds to each parameter's `gradient` the gradient of lossSum / unitsOfStep.
   * @throws Reasoned `out-of-memory`, `runtime-failed`, `loss-not-a-number`.
   */
  accumulate(batch: MicroBatch, unitsOfStep: number, dropout: DropoutKey): Promise<Figures>;
  /** Forward alone, without dropout. */
  evaluate(batch: MicroBatch): Promise<Figures & { readonly predictions?: readonly number[] }>;
  dispose(): Promise<void>;
}

/** A trainable tensor. */
export interface Parameter {
  /** As the saved model folder (or adapter) names it, such as `transformer.h.0.attn.c_attn.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Summed over the micro-batches of a step; zeroed by whoever takes the step. */
  readonly gradient: Float32Array;
}
