import type { CurvesData, CurvesRun, OtherRun } from '../../protocol/panels/trainingCurves.ts';
import type { RunFollower, RunGrowth } from '../runs/runFollower.ts';
import type { Run } from '../runs/runList.ts';

/** What the page is told of a run. */
export const curvesRun = (run: Run): CurvesRun => ({
  folder: run.folder,
  title: run.title,
  name: run.name,
  state: run.state,
  request: run.request ?? null,
  status: run.status ?? null,
  result: run.result ?? null,
  stepSeconds: run.stepSeconds,
  secondsLeft: run.secondsLeft ?? null,
  checkpoints: run.checkpoints,
  hasModel: run.hasModel,
  hasBest: run.hasBest,
  problem: run.request
    ? null
    : {
        code: 'run-unreadable',
        message: `${run.folder}/run.json is no JSON.`,
        remedy: 'Open it and mend it; the line at fault is marked there.',
      },
});

export const otherRun = ({ folder, title, name, state }: Run): OtherRun => ({ folder, title, name, state });

const ALL: RunGrowth = { metricsFrom: 0, samplesFrom: 0 };

/** A run's metrics and samples, or what came to them. */
export const curvesData = ({ folder, metrics, samples }: RunFollower, growth = ALL): CurvesData => ({
  folder,
  metrics: metrics.part(growth.metricsFrom),
  samples: samples.slice(growth.samplesFrom),
});
