import { join, resolve } from 'node:path';
import { exists } from '../../models/files.ts';
import { expandHome } from '../../models/home.ts';
import { WEIGHTS } from '../../models/weights.ts';
import type { OnProgress } from '../../protocol/engine.ts';
import { RUN_FILES, type RunResult } from '../../protocol/run/folder.ts';
import { withPaths } from '../../protocol/run/paths.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import { loadTokenizer } from '../../tokenizer/load.ts';
import type { Parts } from '../evaluation.ts';
import { readExamples } from '../examples/files.ts';
import { rowCount } from '../examples/examples.ts';
import type { Learner } from '../learner.ts';
import { withReference } from '../learner/reference.ts';
import { type Ending, train, type TrainingEvent } from '../loop.ts';
import { createOptimizer } from '../optimizer/create.ts';
import { planOf } from '../plan.ts';
import { sampler } from '../samples.ts';
import { BEGINNING } from '../state.ts';
import { type Checkpoint, deleteOldCheckpoints, newestCheckpoint, restoreMoments } from './checkpoints.ts';
import { writeResult } from './finish.ts';
import { tidy } from './folders.ts';
import type { Log } from './log.ts';
import { type Recorded, record, rewind, saveModel, saveRun } from './record.ts';
import type { RunStatusFile } from './status.ts';

/** What the trainer of a run has at hand. */
export interface Session {
  readonly folder: string;
  readonly spec: RunSpec;
  readonly status: RunStatusFile;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly openLearner: OpenLearner;
  breathe(): Promise<void>;
}

/**
 * `folder`: the model that training starts from; `startedFrom`: the one that the run began with, for which the first may
 * stand in; `resumeFrom`: a checkpoint, whose trained numbers it goes on with.
 */
export type OpenLearner = (
  spec: RunSpec,
  source: {
    readonly folder: string;
    readonly startedFrom: string;
    readonly resumeFrom?: string;
    readonly signal: AbortSignal;
  },
) => Promise<Learner>;

/** Trains a prepared run from its newest checkpoint to its end. @returns Undefined where it was stopped, and saved. */
export async function trainPrepared(session: Session): Promise<RunResult | undefined> {
  const { folder, status, log, signal, openLearner } = session;
  const spec = located(session);
  await clearAway(folder, spec.training.keepCheckpoints);
  const checkpoint = await newestCheckpoint(folder);
  await rewind(folder, checkpoint?.state ?? BEGINNING);
  const modelFolder = await startingFolder(spec, checkpoint);
  const parts = await comparable(session, spec, await readParts(folder));
  const plan = planOf(spec.training, rowCount(parts.train));
  const source = {
    folder: modelFolder,
    startedFrom: spec.model,
    signal,
    ...(checkpoint && { resumeFrom: checkpoint.folder }),
  };
  const learner = await openLearner(spec, source);
  try {
    const optimizer = createOptimizer(learner.parameters, spec.training);
    if (checkpoint) await restoreMoments(checkpoint, optimizer);
    const from = checkpoint?.state ?? BEGINNING;
    const peakMemoryBytes = checkpoint?.state.peakMemoryBytes ?? 0;
    const run: Recorded = { folder, spec, plan, learner, optimizer, peakMemoryBytes };
    const sample = sampler(learner, () => loadTokenizer(modelFolder), parts.validation ?? parts.train);
    await status.change({ state: 'running', step: from.step, totalSteps: plan.totalSteps, device: learner.device });
    await log(
      `${from.step > 0 ? `Goes on after step ${from.step}` : 'Starts'}: ${plan.totalSteps} steps on ${learner.device}.`,
    );
    const { breathe } = session;
    const loop = train({ spec: spec.training, plan, learner, optimizer, parts, from, sample, breathe }, signal);
    return await end(session, run, parts, await written(session, run, loop));
  } finally {
    await learner.dispose();
  }
}

/** The parts with what the method compares with; the model that the run began with must then still be there. */
function comparable(session: Session, spec: RunSpec, parts: Parts): Promise<Parts> {
  const { status, signal, breathe } = session;
  const onProgress: OnProgress = progress => {
    const { message, done, total } = progress;
    status.note({ preparing: { message, done, ...(total !== undefined && { total }) } });
    session.onProgress(progress);
  };
  return withReference(spec, spec.model, parts, { signal, breathe, onProgress });
}

/** The request with the places of files as they are from anywhere: in run.json they are seen from its folder. */
const located = ({ folder, spec }: Session): RunSpec =>
  withPaths(spec, path => (path.startsWith('~') ? expandHome(path) : resolve(folder, path)));

/** Writes down what the loop tells, until it ends. */
async function written(session: Session, run: Recorded, loop: AsyncGenerator<TrainingEvent, Ending>): Promise<Ending> {
  const { status, log, breathe } = session;
  const tell = progressOf(session, run);
  for (;;) {
    const next = await loop.next();
    if (next.done) return next.value;
    const event = next.value;
    if (event.kind === 'checkpoint') await breathe(); // before what takes long, so that a stop is seen to be under way
    await record(run, event);
    if (event.kind === 'step') {
      status.note({ step: event.state.step });
      tell(event.state.step, event.line?.loss);
    }
    if (event.kind === 'checkpoint') await log(`Saved the checkpoint of step ${event.state.step}.`);
  }
}

function progressOf({ onProgress }: Session, { plan }: Recorded): (step: number, loss: number | undefined) => void {
  const start = performance.now();
  let first: number | undefined;
  let message = 'Training';
  return (step, loss) => {
    first ??= step - 1;
    if (loss !== undefined) message = `Training, loss ${loss.toFixed(4)}`;
    const rate = (1000 * (step - first)) / (performance.now() - start);
    const { totalSteps } = plan;
    onProgress({
      message,
      unit: 'steps',
      done: step,
      total: totalSteps,
      rate,
      secondsLeft: (totalSteps - step) / rate,
    });
  };
}

/** The model, and where the run came to its end the figures of all its data. */
async function end(session: Session, run: Recorded, parts: Parts, ending: Ending): Promise<RunResult | undefined> {
  const { folder, status, log, signal, breathe, onProgress } = session;
  const { state, reason } = ending;
  await saveModel(run, RUN_FILES.model);
  const start = performance.now();
  const elapsedSeconds = (): number => state.elapsedSeconds + (performance.now() - start) / 1000;
  const result =
    reason === 'stopped'
      ? undefined
      : await writeResult(run, ending, { parts, signal, elapsedSeconds, breathe, onProgress });
  if (!result && (await newestCheckpoint(folder))?.state.step !== state.step) await saveRun(run, state);
  await log(`${result ? 'Finished' : 'Stopped'} after step ${state.step}.`);
  await status.change({ state: result ? 'finished' : 'stopped', step: state.step });
  return result;
}

/** The model of the request; where it is gone, a checkpoint that is a whole model stands in for it. */
async function startingFolder({ model }: RunSpec, checkpoint: Checkpoint | undefined): Promise<string> {
  if (!checkpoint || (await exists(model))) return model;
  return (await exists(join(checkpoint.folder, WEIGHTS))) ? checkpoint.folder : model;
}

async function readParts(folder: string): Promise<Parts> {
  const fileOf = (part: string): string => join(folder, RUN_FILES.data, `${part}.safetensors`);
  const optional = async (part: string) => ((await exists(fileOf(part))) ? readExamples(fileOf(part)) : null);
  return {
    train: await readExamples(fileOf('train')),
    validation: await optional('validation'),
    test: await optional('test'),
  };
}

/** What a trainer that was killed left half-written, and a checkpoint that it had no time to delete. */
async function clearAway(folder: string, keepCheckpoints: number): Promise<void> {
  for (const parent of [folder, join(folder, RUN_FILES.checkpoints), join(folder, RUN_FILES.data)]) await tidy(parent);
  await deleteOldCheckpoints(folder, keepCheckpoints);
}
