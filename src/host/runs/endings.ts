import * as vscode from 'vscode';
import { Disposable } from '../disposable.ts';
import { type Ending, tellEnding } from '../endings.ts';
import { runFigures } from '../views/runWords.ts';
import type { Run } from './runList.ts';
import type { Runs } from './runs.ts';

const CURVES = { 'Open Curves': 'lmLab.openCurves' };
const USE_MODEL = { 'Use Model': 'lmLab.useRunModel' };
const RESUME = { Resume: 'lmLab.startRun' };
const PYTHON = { 'Create Python Environment…': 'lmLab.createPythonEnvironment' };
const LOG = { 'Open Log': 'lmLab.openRunLog' };

/** A notification when a run ends, with what one does next. */
export class Endings extends Disposable {
  constructor(runs: Runs) {
    super();
    this._register(runs.list.onDidEnd(run => void tellEnding(endingOf(run), { run })));
    this._register(
      runs.onDidVanish(({ run, how }) => {
        const message = `The trainer of “${run.title}” ended with ${how} before it began. Its log may say why.`;
        const tellError = vscode.window.showErrorMessage;
        const actions = { ...LOG, 'Try Again': 'lmLab.startRun' };
        return void tellEnding({ tell: tellError, message, actions }, { run });
      }),
    );
  }
}

function endingOf(run: Run): Ending {
  const { title, state, status, hasModel } = run;
  const { showErrorMessage, showInformationMessage, showWarningMessage } = vscode.window;
  const use = hasModel ? USE_MODEL : {};
  switch (state) {
    case 'finished': {
      const figures = runFigures(run);
      const message = `“${title}” is trained${figures ? `: ${figures}` : ''}.`;
      return { tell: showInformationMessage, message, actions: { ...CURVES, ...use } };
    }
    case 'stopped': {
      const message = `“${title}” stopped after step ${status?.step ?? 0}; what it has learned is saved.`;
      return { tell: showInformationMessage, message, actions: { ...CURVES, ...RESUME, ...use } };
    }
    case 'failed': {
      const why = status?.error ? `${status.error.message} ${status.error.remedy}` : 'Its log may say why.';
      const python = /^(python|packages)-/.test(status?.error?.code ?? '') ? PYTHON : {};
      return {
        tell: showErrorMessage,
        message: `“${title}” failed: ${why}`,
        actions: { ...CURVES, ...python, ...LOG },
      };
    }
    default: {
      const message = `The trainer of “${title}” is gone after step ${status?.step ?? 0}. Resume goes on from its last checkpoint.`;
      return { tell: showWarningMessage, message, actions: { ...RESUME, ...LOG } };
    }
  }
}
