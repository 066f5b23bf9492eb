import type { Feeds, Numbers } from '../../onnx/session.ts';
import type { Tensor } from '../../onnx/graph.ts';
import type { ClassificationSpec, MethodName, RunSpec } from '../../protocol/run/spec.ts';
import type { Reading } from '../graphs/reading.ts';
import type { Figures, MicroBatch } from '../learner.ts';
import type { PadId } from './pooling.ts';

/** Training reads what the loss is made of; evaluation reads what figures are made of too. */
export type Purpose = 'train' | 'evaluate';

/** What a method may ask about the run and the model. */
export interface Setting {
  readonly spec: RunSpec;

  readonly padId: PadId;
}

/** A head that scores, where a method does not predict tokens: what it reads, and what its outputs are called. */
export type ScoringHead = Omit<ClassificationSpec, 'labels'> & { readonly labels: readonly string[] };

/** The model's end in a graph. */
export interface Ending {
  /** The hidden states at the positions that are read: [N, D]. */
  readonly hidden: Tensor;
  readonly head: HeadTensors;
  readonly setting: Setting;
  /** Dropout at this rate; in evaluation none. */
  dropped(rate: number, x: Tensor): Tensor;
}

export interface HeadTensors {
  /** [V, D] or [labels, D], or [labels, hidden size]. */
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  /** A layer before the head: weight [hidden size, D], bias [hidden size]. */
  readonly hidden: { readonly weight: Tensor; readonly bias: Tensor } | null;
}

/**
 * A way to learn. It says which positions of which sequences are read, what it makes of the hidden states there, and what
 * the results mean; it knows nothing of gradients, and whatever runs it knows no method by name.
 */
export interface Method {
  readonly name: MethodName;
  /** The head that scores; null: the method predicts tokens, by the matrix over the vocabulary. */
  readonly scoring: ((spec: RunSpec) => ScoringHead) | null;
  /**
   * The model that a method compares with, and what it compares: the name of a further output with a number for each
   * sequence, which stands in `Examples.reference` from before the first step.
   */
  readonly reference?: {
    /** The model's folder; null: that of the model that training starts from. */
    folder(spec: RunSpec): string | null;
    readonly output: string;
  };
  /** How many losses the rows have: scored tokens, or rows. */
  units(batch: MicroBatch): number;
  /** What goes through the model, sequence by sequence. */
  readings(batch: MicroBatch, purpose: Purpose, setting: Setting): readonly Reading[];
  /** Each unit's loss [U, 1], and whatever else the figures need, by name. */
  build(ending: Ending): { readonly losses: Tensor; readonly outputs: Readonly<Record<string, Tensor>> };
  /** The inputs that `build` made. */
  feeds(batch: MicroBatch, readings: readonly Reading[], purpose: Purpose): Feeds;
  /** What a run found, of losses [U] and the further outputs. */
  figures(batch: MicroBatch, purpose: Purpose, losses: Float32Array, outputs: Readonly<Record<string, Numbers>>): Found;
}

export type Found = Pick<Figures, 'lossSum' | 'units' | 'sums'> & { readonly predictions?: readonly number[] };
