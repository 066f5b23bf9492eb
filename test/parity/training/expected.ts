import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunRequest } from '../../../src/protocol/run/spec.ts';

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

export const TRAJECTORIES: readonly Trajectory[] = readdirSync(path.join(FIXTURES, 'trajectories')).map(
  file => JSON.parse(readFileSync(path.join(FIXTURES, 'trajectories', file), 'utf8')) as Trajectory,
);

export const examplesFile = ({ data }: Trajectory, part: string): string =>
  path.join(FIXTURES, 'data', data, `${part}.safetensors`);

export const startingFile = (name: string): string => path.join(FIXTURES, 'starting', name);

/** Classifiers are of this generator, language models those of the others. */
export const modelFolder = ({ method, model }: RunRequest): string =>
  method === 'classification' ? path.join(FIXTURES, 'models', model) : path.resolve('test/parity/fixtures', model);
