import { setImmediate } from 'node:timers/promises';
import { join } from 'node:path';
import { failureOf } from '../../folders/failure.ts';
import { exists } from '../../models/files.ts';
import type { OnProgress } from '../../protocol/engine.ts';
import { CANCELLED, Reasoned, reasonOf } from '../../protocol/result.ts';
import { RUN_FILES, type RunResult, type RunStatus } from '../../protocol/run/folder.ts';
import { readJson } from '../../protocol/run/reading.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import { REMEDIES } from './failure.ts';
import { lockRun } from './lock.ts';
import { logOf } from './log.ts';
import { type OpenLearner, type Session, trainPrepared } from './session.ts';
import { readSpec } from './specFile.ts';
import { openRunStatus, type RunStatusFile } from './status.ts';
import { forgetStop, stopIsAsked } from './stop.ts';
import { trainByTorch } from '../torch/trainByTorch.ts';

export interface RunTools {
  /**
   * Makes the examples that run.json asks for and writes split.json, the folder data and what it has resolved into
   * run.json. What is there already is not made again.
   */
  prepare(
    folder: string,
    spec: RunSpec,
    call: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
  ): Promise<void>;
  readonly openLearner: OpenLearner;
  /** The folder of our Python package, which trains runs of the backend torch. Absent: they are refused. */
  readonly torchPackage?: string;
}

export interface RunOptions {
  /** Asks to save and stop after the step under way, as the file `stop` does. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** How often a run that is being prepared says that it goes on, and looks whether it is to stop. */
const PREPARING_TICK_MS = 500;

/**
 * Trains the run of a folder, from the beginning or from its newest checkpoint, and writes all that contracts.md section
 * 2 asks of a trainer.
 * @returns The result, or undefined where the run was stopped: it is saved, and can be gone on with.
 * @throws Reasoned why the run failed, which its status says too; `run-busy`, `run-finished` or `run-missing`, and where
 * the folder can't be written, before anything was touched.
 */
export async function runTraining(
  folder: string,
  tools: RunTools,
  options: RunOptions = {},
): Promise<RunResult | undefined> {
  if (!(await exists(join(folder, RUN_FILES.spec)))) throw missing(folder);
  const lock = await lockRun(folder);
  try {
    const before = await readJson<RunStatus>(join(folder, RUN_FILES.status));
    if (before?.state === 'finished') throw finished(folder);
    await forgetStop(folder);
    return await attended(folder, tools, options);
  } finally {
    await lock.release();
  }
}

async function attended(folder: string, tools: RunTools, options: RunOptions): Promise<RunResult | undefined> {
  const status = await openRunStatus(folder);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const breathe = async (): Promise<void> => {
    await setImmediate();
    if (!signal.aborted && (await stopIsAsked(folder))) stop.abort();
    if (signal.aborted && status.now.state !== 'stopping') await status.change({ state: 'stopping' });
    else await status.beat();
  };
  const onProgress = options.onProgress ?? (() => {});
  try {
    await status.change({ state: 'preparing' });
    const spec = await prepared(folder, tools, { status, signal, onProgress, breathe });
    const log = logOf(folder);
    const session = { folder, spec, status, log, signal, onProgress, breathe, ...tools };
    if (spec.backend !== 'torch') return await trainPrepared(session);
    if (tools.torchPackage === undefined) throw withoutTorch();
    return await trainByTorch(session, tools.torchPackage);
  } catch (error) {
    if (reasonOf(error).code !== CANCELLED) throw await failed(status, error);
    await status.change({ state: 'stopped' });
    return undefined;
  }
}

type Preparing = Pick<Session, 'status' | 'signal' | 'onProgress' | 'breathe'>;

async function prepared(
  folder: string,
  { prepare }: RunTools,
  { status, signal, onProgress, breathe }: Preparing,
): Promise<RunSpec> {
  const spec = await readSpec(folder);
  const ticking = setInterval(() => {
    breathe().catch((error: unknown) => console.error(error)); // a lasting trouble is met again by whoever writes next
  }, PREPARING_TICK_MS);
  try {
    await prepare(folder, spec, {
      signal,
      onProgress(progress) {
        const { message, done, total } = progress;
        status.note({ preparing: { message, done, ...(total !== undefined && { total }) } });
        onProgress(progress);
      },
    });
  } finally {
    clearInterval(ticking);
  }
  return readSpec(folder);
}

/** The error as a reason, which the run's status says too where it can be written. */
async function failed(status: RunStatusFile, error: unknown): Promise<Reasoned> {
  const reason = failureOf(error, REMEDIES);
  try {
    await status.change({ state: 'failed', error: reason });
  } catch (unwritten) {
    console.error(unwritten); // as on a full disk: the reason itself is told all the same
  }
  const { code, message, remedy } = reason;
  return new Reasoned(code, message, remedy, { cause: error });
}

const missing = (folder: string): Reasoned =>
  new Reasoned('run-missing', `"${folder}" is no run: it has no run.json.`, 'Give the folder of a run.');

const withoutTorch = (): Reasoned =>
  new Reasoned(
    'backend-unsupported',
    'backend is "torch", and the Python package that trains such a run is not there.',
    'Install LM Lab anew, or take the backend onnx.',
  );

const finished = (folder: string): Reasoned =>
  new Reasoned(
    'run-finished',
    `The run "${folder}" has finished.`,
    'To train further, start a new run whose model is this run’s folder "model".',
  );
