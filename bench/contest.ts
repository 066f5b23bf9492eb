import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Reasoned } from '../src/protocol/result.ts';
import type { RunRequest, TrainingSpec } from '../src/protocol/run/spec.ts';
import { ROOT } from './environment.ts';
import type { Bench } from './run.ts';
import { type FinishedRun, type PythonSide, type PythonStep, trainByCommandLine, trainByPython } from './training.ts';

/** Of losses and gradient norms of the first steps. */
const TOLERANCE = 1e-3;

export interface Contest {
  readonly bench: Bench;
  readonly scratch: string;
  readonly threads: number;
  readonly repetitions: number;
}

/** Both sides of one repetition. */
export interface Beside {
  readonly ours: FinishedRun;
  readonly theirs: { readonly steps: readonly PythonStep[]; readonly peakBytes: number };
}

/** Nothing but steps: no evaluation between them, no checkpoint, rows in file order. */
export const stepsAlone = (training: Partial<TrainingSpec>): Partial<TrainingSpec> => ({
  shuffle: false,
  evaluateEvery: 1e6,
  evaluationBatches: 1,
  checkpointEvery: 1e6,
  ...training,
});

/** Completions alone, eight rows a step. */
export const instructionTuning = (model: string, steps: number): RunRequest => ({
  method: 'sft',
  model,
  dataset: {
    file: path.join(ROOT, 'samples', 'instruction-data.json'),
    steps: [{ take: 8 * (steps + 2) }],
    split: mostlyTraining(),
  },
  training: stepsAlone({ batchSize: 8, maxSteps: steps }),
});

export const mostlyTraining = () => ({ train: 0.9, validation: 0.1, test: 0 });

/** In turns, so that what slows the machine slows both. */
export async function besidePyTorch(
  { bench, scratch, threads, repetitions }: Contest,
  request: RunRequest,
  steps: number,
  side: PythonSide = 'training_side.py',
): Promise<Beside[]> {
  const { python, signal } = bench;
  const results: Beside[] = [];
  for (let n = 0; n < repetitions; n++) {
    const folder = path.join(scratch, `${request.method}-${n}`);
    const asked = { ...request, device: 'cpu', threads };
    const ours = await trainByCommandLine(bench.cli, asked, folder, signal);
    const theirs = await trainByPython({ python, side }, ours.folder, threads, steps, signal);
    requireSameTrajectory(ours, theirs.steps);
    await rm(folder, { recursive: true });
    results.push({ ours, theirs });
  }
  return results;
}

function requireSameTrajectory({ metrics }: FinishedRun, theirs: readonly PythonStep[]): void {
  for (const { step, loss, gradientNorm } of theirs.slice(0, 10)) {
    const own = metrics.find(line => line.step === step && line.loss !== undefined);
    const differences = [(own?.loss ?? Number.NaN) / loss, (own?.gradientNorm ?? Number.NaN) / gradientNorm];
    if (differences.every(ratio => Math.abs(ratio - 1) < TOLERANCE)) continue;
    throw new Reasoned(
      'bench-differs',
      `Step ${step}: loss ${own?.loss}, gradient norm ${own?.gradientNorm} here; ${loss}, ${gradientNorm} by PyTorch.`,
      'Run the parity tests: times of different computations can’t be compared.',
    );
  }
}

/** Seconds from the end of one step to that of another, of a run that logs each. */
export function secondsBetween({ metrics }: FinishedRun, from: number, to: number): number {
  const at = (step: number): number =>
    metrics.find(line => line.step === step && line.loss !== undefined)?.elapsedSeconds ?? Number.NaN;
  return at(to) - at(from);
}

export const secondsOf = (steps: readonly PythonStep[]): number => steps.reduce((sum, { seconds }) => sum + seconds, 0);
