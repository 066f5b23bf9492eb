import { openLearner } from '../training/learner/open.ts';
import type { RunResult } from '../protocol/run/folder.ts';
import { prepareRun } from '../training/examples/prepareRun.ts';
import { type RunOptions, runTraining } from '../training/run/runTraining.ts';

export interface TrainerOptions extends RunOptions {
  /** The model that ships with LM Lab. */
  readonly starterFolder: string;
  /** The folder of the Python package that ships with LM Lab. */
  readonly torchPackage: string;
}

/**
 * Trains the run of a folder from its run.json, in this process: prepares its examples unless they are there, goes on
 * from its newest checkpoint where there is one, and writes everything that contracts.md section 2 asks of a trainer.
 * @returns The result, or undefined where the run was stopped: it is saved, and can be gone on with.
 * @throws Reasoned why the run failed, which its status.json says too
 */
export const trainRun = (
  folder: string,
  { starterFolder, torchPackage, ...options }: TrainerOptions,
): Promise<RunResult | undefined> =>
  runTraining(
    folder,
    { openLearner, torchPackage, prepare: (run, spec, call) => prepareRun(run, spec, { starterFolder, ...call }) },
    options,
  );
