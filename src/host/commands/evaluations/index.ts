import type { CommandTable } from '../command.ts';
import { compareWithStart, evaluate, evaluateAgain, evaluateModel } from './evaluate.ts';
import {
  compareEvaluations,
  deleteEvaluation,
  openEvaluation,
  openEvaluationRequest,
  refreshEvaluations,
  renameEvaluation,
  resumeEvaluation,
  revealEvaluation,
  stopEvaluation,
} from './evaluationSteps.ts';

/** What is done with evaluations. */
export const evaluationCommands: CommandTable = {
  'lmLab.evaluate': { run: evaluate },
  'lmLab.evaluateModel': { run: evaluateModel },
  'lmLab.compareWithStart': { run: compareWithStart },
  'lmLab.evaluateAgain': { run: evaluateAgain },
  'lmLab.openEvaluation': { run: openEvaluation },
  'lmLab.compareEvaluations': { run: compareEvaluations },
  'lmLab.resumeEvaluation': { run: resumeEvaluation },
  'lmLab.stopEvaluation': { run: stopEvaluation },
  'lmLab.renameEvaluation': { run: renameEvaluation },
  'lmLab.deleteEvaluation': { run: deleteEvaluation },
  'lmLab.revealEvaluation': { run: revealEvaluation },
  'lmLab.openEvaluationRequest': { run: openEvaluationRequest },
  'lmLab.refreshEvaluations': { run: refreshEvaluations },
};
