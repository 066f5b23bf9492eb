import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readFloat32, readHeader } from '../../../src/models/safetensors.ts';
import { complete } from '../../../src/protocol/run/defaults.ts';
import type { RunRequest, RunSpec } from '../../../src/protocol/run/spec.ts';
import type { Examples } from '../../../src/training/examples/examples.ts';
import { readExamples } from '../../../src/training/examples/files.ts';
import type { Learner, MicroBatch } from '../../../src/training/learner.ts';
import { openLearner } from '../../../src/training/learner/open.ts';
import { withReference } from '../../../src/training/learner/reference.ts';

const TRAINING = path.resolve('test/parity/training/fixtures');

/** A run of test/parity/training. */
export interface FixtureRun {
  readonly spec: RunSpec;
  readonly folder: string;
  readonly train: Examples;
  readonly startingValues: string | null;
}

/** `changes` are made to the request. */
export async function fixtureRun(name: string, changes: Partial<RunRequest> = {}): Promise<FixtureRun> {
  const file = path.join(TRAINING, 'trajectories', `${name}.json`);
  const { run, data, startingValues } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly run: RunRequest;
    readonly data: string;
    readonly startingValues: string | null;
  };
  const classifies = run.method === 'classification';
  const spec = complete({ ...run, ...changes, device: 'cpu', threads: 1 });
  const folder = path.join(
    classifies ? path.join(TRAINING, 'models') : path.resolve('test/parity/fixtures'),
    run.model,
  );
  const train = await readExamples(path.join(TRAINING, 'data', data, 'train.safetensors'));
  const call = { signal: new AbortController().signal, breathe: async () => {}, onProgress: () => {} };
  const parts = await withReference(spec, folder, { train, validation: null, test: null }, call);
  return {
    spec,
    folder,
    train: parts.train,
    startingValues: startingValues && path.join(TRAINING, 'starting', startingValues),
  };
}

/** Its learner, with the values that the fixtures start from in place of random ones. */
export async function openFixture(
  { spec, folder, startingValues }: FixtureRun,
  resumeFrom?: string,
  how: { readonly stepsAtOnce?: number } = {},
): Promise<Learner> {
  const learner = await openLearner(spec, { folder, ...(resumeFrom !== undefined && { resumeFrom }), ...how });
  if (startingValues === null || resumeFrom !== undefined) return learner;
  for (const [name, location] of await readHeader(startingValues)) {
    const parameter = learner.parameters.find(parameter => parameter.name === name);
    if (!parameter) throw new Error(`nothing trains that is called ${name}`);
    parameter.values.set(await readFloat32(location));
  }
  return learner;
}

/** The micro-batches of the first step. */
export function firstStep({ spec, train }: FixtureRun): MicroBatch[] {
  const { batchSize, accumulation } = spec.training;
  return Array.from({ length: accumulation }, (_, batch) => ({
    examples: train,
    rows: Array.from({ length: batchSize }, (_, row) => batch * batchSize + row),
  }));
}

/** Gradients of some micro-batches as one step; the step's loss. */
export async function accumulated(learner: Learner, batches: readonly MicroBatch[], step = 1): Promise<number> {
  const units = batches.reduce((sum, batch) => sum + learner.unitsOf(batch), 0);
  let lossSum = 0;
  for (const [microBatch, batch] of batches.entries()) {
    lossSum += (await learner.accumulate(batch, units, { seed: 3, step, microBatch })).lossSum;
  }
  return lossSum / units;
}

export const gradientsOf = ({ parameters }: Learner): Map<string, Float32Array> =>
  new Map(parameters.map(({ name, gradient }) => [name, gradient.slice()]));

/** Of all elements, relative to the largest of `b`. */
export function difference(a: Float32Array, b: Float32Array): number {
  const scale = b.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] as number))), 0) / (scale || 1);
}

/** A step of plain gradient descent. */
export function descend(learner: Learner, rate: number): void {
  for (const { values, gradient } of learner.parameters) {
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) - rate * (gradient[i] as number);
  }
  learner.clearGradients();
}
