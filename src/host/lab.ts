import type * as vscode from 'vscode';
import type { EngineApi } from '../protocol/engine.ts';
import type { Continuation } from './editor/continuation.ts';
import type { Heat } from './editor/heat.ts';
import type { Evaluations } from './evaluations/evaluations.ts';
import type { Models } from './models/models.ts';
import type { Classifiers } from './classification/classifiers.ts';
import type { AnnotatePanel } from './panels/annotatePanel.ts';
import type { ClassificationPanel } from './panels/classificationPanel.ts';
import type { ChatPanel } from './panels/chatPanel.ts';
import type { DatasetPanels } from './panels/datasetPanels.ts';
import type { EvaluatePanel } from './panels/evaluatePanel.ts';
import type { EvaluationPanel } from './panels/evaluationPanel.ts';
import type { FineTunePanel } from './panels/fineTunePanel.ts';
import type { GenerationsPanel } from './panels/generationsPanel.ts';
import type { TokenProbabilitiesPanel } from './panels/tokenProbabilitiesPanel.ts';
import type { TrainingCurvesPanel } from './panels/trainingCurvesPanel.ts';
import type { EngineProcess } from './processes/engineProcess.ts';
import type { Runs } from './runs/runs.ts';
import type { Scores } from './scoring/scores.ts';

/** What commands work with. Composed once, in extension.ts. */
export interface Lab {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly process: EngineProcess;
  readonly engine: EngineApi;
  readonly models: Models;
  readonly scores: Scores;
  readonly heat: Heat;
  readonly panel: TokenProbabilitiesPanel;
  readonly chatPanel: ChatPanel;
  readonly generationsPanel: GenerationsPanel;
  readonly datasetPanels: DatasetPanels;
  readonly annotatePanel: AnnotatePanel;
  readonly continuation: Continuation;
  readonly runs: Runs;
  readonly curvesPanel: TrainingCurvesPanel;
  readonly fineTunePanel: FineTunePanel;
  readonly evaluations: Evaluations;
  readonly evaluationPanel: EvaluationPanel;
  readonly evaluatePanel: EvaluatePanel;
  readonly classifiers: Classifiers;
  readonly classificationPanel: ClassificationPanel;
}
