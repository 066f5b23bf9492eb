import { join } from 'node:path';
import { type MetricsLine, RUN_FILES, type SampleLine } from '../../protocol/run/folder.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import type { Learner } from '../learner.ts';
import type { TrainingEvent } from '../loop.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import type { Plan } from '../plan.ts';
import type { TrainingState } from '../state.ts';
import { type CheckpointState, saveCheckpoint } from './checkpoints.ts';
import { writeFolder } from './folders.ts';
import { appendLines, cutLines } from '../../folders/lines.ts';

/** What of a run in memory is written down. */
export interface Recorded {
  readonly folder: string;
  readonly spec: RunSpec;
  readonly plan: Plan;
  readonly learner: Learner;
  readonly optimizer: Optimizer;
  /** Of the sessions before this one. */
  readonly peakMemoryBytes: number;
}

/** Writes down what the loop tells, before the loop goes on. */
export async function record(run: Recorded, event: TrainingEvent): Promise<void> {
  const { folder } = run;
  switch (event.kind) {
    case 'step':
      return appendLines(join(folder, RUN_FILES.metrics), event.line ? [event.line] : []);
    case 'evaluation':
      await appendLines(join(folder, RUN_FILES.samples), event.samples);
      return appendLines(join(folder, RUN_FILES.metrics), [event.line]);
    case 'best':
      return saveModel(run, RUN_FILES.best);
    case 'checkpoint':
      return saveRun(run, event.state);
  }
}

/** Writes the model folder `model` or `best`. */
export const saveModel = ({ folder, learner }: Pick<Recorded, 'folder' | 'learner'>, name: string): Promise<void> =>
  writeFolder(join(folder, name), temporary => learner.save(temporary));

export const saveRun = (run: Recorded, state: TrainingState): Promise<void> =>
  saveCheckpoint(run.folder, checkpointState(run, state), run, run.spec.training.keepCheckpoints);

function checkpointState(run: Recorded, state: TrainingState): CheckpointState {
  const { seed } = run.spec.training;
  const { stepsPerEpoch } = run.plan;
  return {
    ...state,
    dataOrder: { seed, epoch: Math.floor(state.step / stepsPerEpoch), stepOfEpoch: state.step % stepsPerEpoch },
    randomState: { seed, step: state.step },
    peakMemoryBytes: peakMemory(run.peakMemoryBytes),
  };
}

/** The most that this process has held, or an earlier one of this run. */
export const peakMemory = (before: number): number => Math.max(before, process.resourceUsage().maxRSS * 1024);

/**
 * Cuts the files back to a state, so that what is told again is not there twice. The evaluation after the state's step
 * goes too where it was still to be made.
 */
export async function rewind(folder: string, { step, evaluatedStep }: TrainingState): Promise<void> {
  const evaluated = evaluatedStep === step;
  const isEvaluation = (line: MetricsLine): boolean => line.loss === undefined;
  await cutLines<MetricsLine>(
    join(folder, RUN_FILES.metrics),
    line => line.step < step || (line.step === step && (evaluated || !isEvaluation(line))),
  );
  await cutLines<SampleLine>(
    join(folder, RUN_FILES.samples),
    line => line.step < step || (line.step === step && evaluated),
  );
}
