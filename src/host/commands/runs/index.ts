import type { CommandTable } from '../command.ts';
import { deleteRun } from './deleteRun.ts';
import { exportRun } from './exportRun.ts';
import { compareRuns, openCurves } from './openCurves.ts';
import { openRunFolder } from './openRunFolder.ts';
import { renameRun } from './renameRun.ts';
import { openRunLog, openRunRequest, refreshRuns, revealRun, startRun, stopRun } from './runSteps.ts';
import { useRunModel } from './useRunModel.ts';

/** What is done with fine-tuning runs. */
export const runCommands: CommandTable = {
  'lmLab.openCurves': { run: openCurves },
  'lmLab.compareRuns': { run: compareRuns },
  'lmLab.startRun': { run: startRun },
  'lmLab.stopRun': { run: stopRun },
  'lmLab.useRunModel': { run: useRunModel },
  'lmLab.exportRun': { run: exportRun },
  'lmLab.renameRun': { run: renameRun },
  'lmLab.deleteRun': { run: deleteRun },
  'lmLab.revealRun': { run: revealRun },
  'lmLab.openRunLog': { run: openRunLog },
  'lmLab.openRunRequest': { run: openRunRequest },
  'lmLab.openRunFolder': { run: openRunFolder },
  'lmLab.refreshRuns': { run: refreshRuns },
};
