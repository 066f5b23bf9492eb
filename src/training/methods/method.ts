import type { Gpt2 } from '../../gpt2/model.ts';
import type { Device } from '../../onnx/devices.ts';
import type { Feeds, Numbers } from '../../onnx/session.ts';
import type { Tensor } from '../../onnx/graph.ts';
import type { ClassificationSpec, MethodName, RunSpec } from '../../protocol/run/spec.ts';
import type { Reading } from '../graphs/reading.ts';
import type { Collector, Figures, MicroBatch } from '../learner.ts';
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
  /** A head beside it that tells what is still to come: weight [1, D], bias [1]. */
  readonly value: { readonly weight: Tensor; readonly bias: Tensor } | null;
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
  /** Whether a head beside the other tells values. */
  readonly values?: true;
  /**
   * Where a method learns from what the model makes of rows: opens what that takes beside the model. Absent: it learns
   * from the rows themselves.
   */
  readonly openCollector?: (setting: Setting, learning: Learning) => Promise<OpenedCollector>;
  /** How many losses the rows have: scored tokens, rows, or states. */
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

/** What collecting may ask of the model that trains. */
export interface Learning {
  /** The folder of the model that it started from. */
  readonly folder: string;
  readonly device: Device;
  decodingModel(): Promise<Gpt2>;
  /** The outputs of `build` for a batch: forward alone. */
  outputs(batch: MicroBatch): Promise<Readonly<Record<string, Numbers>>>;
}

export interface OpenedCollector extends Collector {
  dispose(): Promise<void>;
}

export type Found = Pick<Figures, 'lossSum' | 'units' | 'sums'> & { readonly predictions?: readonly number[] };
