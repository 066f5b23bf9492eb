import * as vscode from 'vscode';
import { Disposable } from '../disposable.ts';
import { type Ending, tellEnding } from '../endings.ts';
import { showReason } from '../showReason.ts';
import type { Evaluation, Evaluations } from './evaluations.ts';
import { mainFigure } from './evaluationWords.ts';

const OPEN = { Open: 'lmLab.openEvaluation' };
const RESUME = { Resume: 'lmLab.resumeEvaluation' };

/** A notification when an evaluation ends, with what one does next. */
export class EvaluationEndings extends Disposable {
  constructor(evaluations: Evaluations) {
    super();
    this._register(evaluations.list.onDidEnd(evaluation => void tellEnding(endingOf(evaluation), { evaluation })));
    this._register(
      evaluations.onDidRefuse(({ evaluation, reason }) => {
        const again = () => vscode.commands.executeCommand('lmLab.resumeEvaluation', { evaluation });
        void showReason(reason, { title: 'Resume', run: again });
      }),
    );
  }
}

function endingOf({ title, state, status, result }: Evaluation): Ending {
  const { showErrorMessage, showInformationMessage, showWarningMessage } = vscode.window;
  const done = `${(status?.rowsDone ?? 0).toLocaleString('en')} rows`;
  switch (state) {
    case 'finished': {
      const figure = result && mainFigure(result);
      const message = `“${title}” is evaluated${figure ? `: ${figure}` : ''}.`;
      return { tell: showInformationMessage, message, actions: OPEN };
    }
    case 'stopped': {
      const message = `“${title}” stopped after ${done}; they are kept.`;
      return { tell: showInformationMessage, message, actions: { ...OPEN, ...RESUME } };
    }
    case 'failed': {
      const why = status?.error ? `${status.error.message} ${status.error.remedy}` : '';
      return { tell: showErrorMessage, message: `“${title}” failed. ${why}`, actions: { ...OPEN, ...RESUME } };
    }
    default: {
      const message = `“${title}” was interrupted after ${done}. Resume goes on from there.`;
      return { tell: showWarningMessage, message, actions: { ...OPEN, ...RESUME } };
    }
  }
}
