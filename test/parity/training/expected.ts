import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunRequest } from '../../../src/protocol/run/spec.ts';
import { METHODS } from '../../../src/training/methods/index.ts';

// How PyTorch trains, as test/parity/training/generate writes it.

/** Relative, of a loss or a gradient norm, in single precision. */
export const TOLERANCE = 1e-3;

export interface Trajectory {
  readonly name: string;
  /** The folder of its prepared examples. */
  readonly data: string;
  /** The file of values that a run would draw itself: an adapter's, or a head's. */
  readonly startingValues: string | null;
  /** run.json, with the model's name for its folder. */
  readonly run: RunRequest;
  readonly steps: readonly Figures[];
  readonly evaluations: readonly Figures[];
}

/** Of a step or an evaluation, as metrics.jsonl names them. */
export type Figures = Readonly<Record<string, number>>;

const FIXTURES = path.resolve('test/parity/training/fixtures');

/** An answer that was recorded, with the end token where it has one. */
export interface Rollout {
  readonly response: readonly number[];
  readonly score: number;
}

/** Of PPO: what was answered in each step, row by row, and what followed from it. */
export interface PpoTrajectory extends Trajectory {
  readonly rollouts: ReadonlyArray<readonly Rollout[]>;
  readonly lessons: ReadonlyArray<Readonly<Record<'rewards' | 'advantages' | 'returns', readonly number[][]>>>;
}

const all = (kind: string): unknown[] =>
  readdirSync(path.join(FIXTURES, kind)).map(file => JSON.parse(readFileSync(path.join(FIXTURES, kind, file), 'utf8')));

export const TRAJECTORIES = all('trajectories') as readonly Trajectory[];
export const PPO_TRAJECTORIES = all('ppo') as readonly PpoTrajectory[];

/** The trajectory of that name. */
export function trajectoryOf(name: string): Trajectory {
  const trajectory = TRAJECTORIES.find(each => each.name === name);
  if (!trajectory) throw new Error(`There is no trajectory ${name}.`);
  return trajectory;
}

/** The methods whose steps can be taken several in one run: those that collect nothing between their updates. */
export const methodsOnDevice = (): Set<string> =>
  new Set(Object.values(METHODS).flatMap(({ name, openCollector }) => (openCollector ? [] : [name])));

/** What transformers' reward model says of answers. */
export const REWARDS = JSON.parse(readFileSync(path.join(FIXTURES, 'rewards.json'), 'utf8')) as ReadonlyArray<
  Rollout & { readonly prompt: readonly number[] }
>;

export const examplesFile = ({ data }: Trajectory, part: string): string =>
  path.join(FIXTURES, 'data', data, `${part}.safetensors`);

export const startingFile = (name: string): string => path.join(FIXTURES, 'starting', name);

/** Classifiers are of this generator, language models those of the others. */
export const modelFolder = ({ method, model }: RunRequest): string =>
  method === 'classification' ? path.join(FIXTURES, 'models', model) : path.resolve('test/parity/fixtures', model);
