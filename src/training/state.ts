import type { Best } from './best.ts';

/** How far a run has come: with the parameters and the optimizer's moments, all that it takes to go on from here. */
export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  readonly examplesSeen: number;
  readonly tokensSeen: number;
  /** Of all sessions of this run. */
  readonly elapsedSeconds: number;
  /** Of the last step. */
  readonly tokensPerSecond: number;
  /** Losses of the epoch's steps so far. */
  readonly epochLossSum: number;
  readonly epochLossSteps: number;
  /** The step after which the last evaluation was made; null before the first. */
  readonly evaluatedStep: number | null;
  readonly best: Best | null;
  readonly kept: Kept;
}

/** Numbers that a method keeps from step to step beside the parameters, such as a coefficient that adapts. */
export type Kept = Readonly<Record<string, number>>;

export const BEGINNING: TrainingState = {
  step: 0,
  examplesSeen: 0,
  tokensSeen: 0,
  elapsedSeconds: 0,
  tokensPerSecond: 0,
  epochLossSum: 0,
  epochLossSteps: 0,
  evaluatedStep: null,
  best: null,
  kept: {},
};
