import type { CurvesRun, SavedCurves, TrainingCurvesIntent } from '../../src/protocol/panels/trainingCurves.ts';
import type { Range } from './data/decimation.ts';
import type { XAxis } from './data/points.ts';
import type { CurvesStore } from './data/store.ts';

export type Detail = 'samples' | 'results' | 'settings' | 'values';

/** How the page looks. Kept over a reload, with which runs are shown. */
export interface CurvesUi extends SavedCurves {
  readonly xAxis: XAxis;
  /** Weight of what came before, 0 to less than 1. */
  readonly smoothing: number;
  readonly log: boolean;
  readonly zoom: Range | null;
  /** Folders of runs whose curves are left out for the moment. */
  readonly hidden: readonly string[];
  readonly detail: Detail;
  /** The step that was chosen on a curve. */
  readonly step: number | null;
}

export const INITIAL_UI: CurvesUi = {
  folders: [],
  xAxis: 'step',
  smoothing: 0.6,
  log: false,
  zoom: null,
  hidden: [],
  detail: 'samples',
  step: null,
};

/** All that a view draws from and answers to. */
export interface PageContext {
  readonly store: CurvesStore;
  readonly runs: readonly CurvesRun[];
  readonly ui: CurvesUi;
  send(intent: TrainingCurvesIntent): void;
  change(ui: Partial<CurvesUi>): void;
}

/** The run that the page is about. */
export const firstRun = ({ runs }: PageContext): CurvesRun | undefined => runs[0];

/** Those whose curves are drawn, with the number that gives each its colour. */
export const drawnRuns = ({ runs, ui }: PageContext): Array<{ readonly run: CurvesRun; readonly index: number }> =>
  runs.map((run, index) => ({ run, index })).filter(({ run }) => !ui.hidden.includes(run.folder));
