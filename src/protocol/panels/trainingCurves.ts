import type { Reason } from '../result.ts';
import type { RunResult, RunStatus, SampleLine } from '../run/folder.ts';
import type { ShownState } from '../run/liveness.ts';
import type { MetricsPart } from '../run/metrics.ts';
import type { RunRequest } from '../run/spec.ts';

/** What the Training Curves panel shows of a run, but for its metrics and samples, which come in parts. */
export interface CurvesRun {
  readonly folder: string;
  readonly title: string;
  /** The folder's name. */
  readonly name: string;
  readonly state: ShownState;
  readonly request: RunRequest | null;
  readonly status: RunStatus | null;
  readonly result: RunResult | null;
  readonly stepSeconds: number;
  readonly secondsLeft: number | null;
  /** Steps after which a checkpoint stands there, rising. */
  readonly checkpoints: readonly number[];
  readonly hasModel: boolean;
  readonly hasBest: boolean;
  /** Why the run's files can't be read. */
  readonly problem: Reason | null;
}

/** A run that can be laid beside those that are shown. */
export interface OtherRun {
  readonly folder: string;
  readonly title: string;
  readonly name: string;
  readonly state: ShownState;
}

export interface CurvesData {
  readonly folder: string;
  readonly metrics: MetricsPart;
  readonly samples: readonly SampleLine[];
}

export interface TrainingCurvesSnapshot {
  /** Those that are drawn over each other, the one that the page is about first. */
  readonly runs: readonly CurvesRun[];
  readonly others: readonly OtherRun[];
  readonly data: readonly CurvesData[];
}

/** From the host to the page. */
export type TrainingCurvesMessage =
  | { readonly type: 'snapshot'; readonly snapshot: TrainingCurvesSnapshot }
  | { readonly type: 'runs'; readonly runs: readonly CurvesRun[]; readonly others: readonly OtherRun[] }
  /** Lines that came; those from `metrics.from` and `samplesFrom` on are replaced. */
  | { readonly type: 'grown'; readonly data: CurvesData; readonly samplesFrom: number };

/** What the user did in the page. */
export type TrainingCurvesIntent =
  | { readonly type: 'ready' }
  /** Draw these runs, the first of them as the one that the page is about. */
  | { readonly type: 'show'; readonly folders: readonly string[] }
  | { readonly type: 'runCommand'; readonly command: RunCommand; readonly folder: string }
  | { readonly type: 'openFolder' }
  | { readonly type: 'openCheckpoint'; readonly folder: string; readonly step: number }
  | { readonly type: 'exportFigure'; readonly format: 'png' | 'svg' | 'pdf'; readonly content: Uint8Array }
  | { readonly type: 'exportCsv' };

/** The commands that the page has buttons for; each takes the run. */
export type RunCommand =
  | 'lmLab.stopRun'
  | 'lmLab.startRun'
  | 'lmLab.revealRun'
  | 'lmLab.openRunLog'
  | 'lmLab.openRunRequest'
  | 'lmLab.useRunModel'
  | 'lmLab.renameRun'
  | 'lmLab.deleteRun';

/** What the page keeps over a reload of the window; the host reads which runs were shown. */
export interface SavedCurves {
  readonly folders: readonly string[];
}
