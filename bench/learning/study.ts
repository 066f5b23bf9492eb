import type { RunRequest } from '../../src/protocol/run/spec.ts';

/** Each splits the rows, orders them and starts what is new in another way. */
export const SEEDS: readonly number[] = [1, 2, 3];

/** A way of training on a dataset, done once with each seed. */
export interface Experiment {
  readonly name: string;
  readonly seeds: readonly number[];
  /** A run of its own that comes first. */
  before?(seed: number): RunRequest;
  /** `model`: the folder of the model that the run before left. */
  request(seed: number, model?: string): RunRequest;
}

/** Experiments on the same data, which are shown together. */
export interface Study {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly experiments: readonly Experiment[];
}
