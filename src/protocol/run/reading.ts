import { access, readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type MetricsLine, RUN_FILES, type RunResult, type RunStatus } from './folder.ts';
import { lastLines, parsedLines } from './growingFile.ts';
import { isWorking, type Observer, type ShownState, shownState } from './liveness.ts';
import type { RunRequest } from './spec.ts';

/** What a run folder says at a glance; metrics and samples are read apart, as they grow. */
export interface RunReading {
  readonly folder: string;
  readonly state: ShownState;
  /** Absent where run.json can't be read. */
  readonly request?: RunRequest;
  readonly status?: RunStatus;
  readonly result?: RunResult;
  /** Seconds of a step, by the last steps; 0 where that is not known. */
  readonly stepSeconds: number;
  /** Of a run that works. */
  readonly secondsLeft?: number;
  /** Updates after which a checkpoint stands there, rising. */
  readonly checkpoints: readonly number[];
  /** Whether `model` and `best` are there. */
  readonly hasModel: boolean;
  readonly hasBest: boolean;
}

/** Enough for the last dozens of lines of metrics. */
const TAIL_BYTES = 16 * 1024;

export const thisMachine = (): Observer => ({ host: hostname(), now: new Date(), processExists });

/** Reads a run folder; undefined where there is none, or no run.json in it. */
export async function readRun(folder: string, observer: Observer = thisMachine()): Promise<RunReading | undefined> {
  if (!(await exists(join(folder, RUN_FILES.spec)))) return undefined;
  const [request, status, result, checkpoints, hasModel, hasBest] = await Promise.all([
    readJson<RunRequest>(join(folder, RUN_FILES.spec)),
    readJson<RunStatus>(join(folder, RUN_FILES.status)),
    readJson<RunResult>(join(folder, RUN_FILES.result)),
    checkpointsOf(folder),
    hasWeights(join(folder, RUN_FILES.model)),
    hasWeights(join(folder, RUN_FILES.best)),
  ]);
  const stepSeconds = status && isWorking(status.state) ? await recentStepSeconds(folder) : 0;
  const state = shownState(status, stepSeconds, observer);
  const secondsLeft = state === 'running' && status ? (status.totalSteps - status.step) * stepSeconds : 0;
  return {
    folder,
    state,
    ...(request && { request }),
    ...(status && { status }),
    ...(result && { result }),
    stepSeconds,
    ...(secondsLeft > 0 && { secondsLeft }),
    checkpoints,
    hasModel,
    hasBest,
  };
}

/** A JSON file's value; undefined where there is none, or none that can be read yet. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

async function recentStepSeconds(folder: string): Promise<number> {
  return stepSecondsOf(parsedLines(await lastLines(join(folder, RUN_FILES.metrics), TAIL_BYTES)));
}

/** How long a step takes, by the first and the last of these lines; 0 where they tell nothing. */
export function stepSecondsOf(lines: readonly Pick<MetricsLine, 'step' | 'elapsedSeconds'>[]): number {
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last || last.step <= 0) return 0;
  // Between two lines; where there is one step alone, since the start.
  const steps = last.step > first.step ? last.step - first.step : last.step;
  const seconds = last.step > first.step ? last.elapsedSeconds - first.elapsedSeconds : last.elapsedSeconds;
  return Math.max(0, seconds / steps);
}

/** The steps after which a checkpoint stands in a run folder, rising. */
export async function checkpointsOf(folder: string): Promise<number[]> {
  const names = await listed(join(folder, RUN_FILES.checkpoints));
  const steps = names.flatMap(name => /^step-(\d+)$/.exec(name)?.[1] ?? []);
  return steps.map(Number).sort((a, b) => a - b);
}

/** The folder of a checkpoint: `checkpoints/step-000200`. */
export const checkpointFolder = (folder: string, step: number): string =>
  join(folder, RUN_FILES.checkpoints, `step-${String(step).padStart(6, '0')}`);

async function hasWeights(folder: string): Promise<boolean> {
  return (await listed(folder)).some(name => /^(model|adapter_model).*\.safetensors/.test(name));
}

export async function listed(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Whether a process of this number runs on this machine. One of another user does as well. */
export function processExists(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
