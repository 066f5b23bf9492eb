import { cpuUsage } from 'node:process';
import * as vscode from 'vscode';
import { createChat } from './host/chat/createChat.ts';
import { Classifiers } from './host/classification/classifiers.ts';
import { LineHover } from './host/classification/lineHover.ts';
import { registerCommands } from './host/commands/index.ts';
import { DatasetContext } from './host/datasets/datasetContext.ts';
import { Heat } from './host/editor/heat.ts';
import { Continuation } from './host/editor/continuation.ts';
import { LabHover } from './host/editor/hover.ts';
import { InlineCompletions } from './host/editor/inlineCompletions.ts';
import { RequestProblems } from './host/editor/requestProblems.ts';
import { LastEditor } from './host/editor/lastEditor.ts';
import { EvaluationEndings } from './host/evaluations/evaluationEndings.ts';
import { Evaluations } from './host/evaluations/evaluations.ts';
import { Generations } from './host/generation/generations.ts';
import type { Lab } from './host/lab.ts';
import { Models } from './host/models/models.ts';
import { AnnotatePanel } from './host/panels/annotatePanel.ts';
import { ClassificationPanel } from './host/panels/classificationPanel.ts';
import { ChatPanel } from './host/panels/chatPanel.ts';
import { DatasetPanels } from './host/panels/datasetPanels.ts';
import { EvaluatePanel } from './host/panels/evaluatePanel.ts';
import { EvaluationPanel } from './host/panels/evaluationPanel.ts';
import { FineTunePanel } from './host/panels/fineTunePanel.ts';
import { GenerationsPanel } from './host/panels/generationsPanel.ts';
import { TokenProbabilitiesPanel } from './host/panels/tokenProbabilitiesPanel.ts';
import { TrainingCurvesPanel } from './host/panels/trainingCurvesPanel.ts';
import { canInstallCuda } from './host/processes/installer.ts';
import { createEngine, processEnvironment } from './host/processes/engine.ts';
import { Endings } from './host/runs/endings.ts';
import { Runs } from './host/runs/runs.ts';
import { Scores } from './host/scoring/scores.ts';
import { EvaluationsStatusBar } from './host/views/evaluationsStatusBar.ts';
import { EvaluationsView } from './host/views/evaluationsView.ts';
import { registerDeviceReport } from './host/views/deviceReportDocument.ts';
import { registerModelInfo } from './host/views/modelInfoDocument.ts';
import { ModelsView } from './host/views/modelsView.ts';
import { RunsStatusBar } from './host/views/runsStatusBar.ts';
import { RunsView } from './host/views/runsView.ts';
import { StatusBar } from './host/views/statusBar.ts';

/** What activation gives to whoever asks for the extension's exports. */
export interface LabExports extends Omit<Lab, 'extension' | 'log' | 'engine'> {
  readonly generations: Generations;
  readonly inlineCompletions: InlineCompletions;
  /** Processor time of `activate`: unlike the clock's, it does not grow when the machine is busy with other things. */
  readonly activationMilliseconds: number;
}

export function activate(extension: vscode.ExtensionContext): LabExports {
  const start = cpuUsage();
  const owned = <T extends vscode.Disposable>(thing: T): T => {
    extension.subscriptions.push(thing);
    return thing;
  };
  const log = owned(vscode.window.createOutputChannel('LM Lab', { log: true }));
  const process = owned(createEngine(extension, log));
  const engine = process.api;
  const models = owned(new Models(engine, extension.globalState));
  const scores = owned(new Scores(engine, models));
  const heat = owned(new Heat(scores));
  const panel = owned(new TokenProbabilitiesPanel(extension, scores, models));
  const chatPanel = owned(new ChatPanel(extension, owned(createChat(engine, models)), models));
  const generations = owned(new Generations(engine, models));
  const lastEditor = owned(new LastEditor());
  const generationsPanel = owned(new GenerationsPanel({ extension, engine, models, generations, lastEditor }));
  const datasetPanels = owned(new DatasetPanels({ extension, engine, models }));
  const annotatePanel = owned(new AnnotatePanel({ extension, engine, models }));
  owned(new DatasetContext());
  const continuation = owned(new Continuation(engine, models, extension.workspaceState));
  const runs = owned(new Runs({ extension, log, environment: processEnvironment }));
  const curvesPanel = owned(new TrainingCurvesPanel(extension, runs));
  const fineTunePanel = owned(new FineTunePanel({ extension, engine, models, runs, curvesPanel }));
  const evaluations = owned(new Evaluations({ extension, log, engine }));
  const evaluationPanel = owned(new EvaluationPanel(extension, evaluations));
  const evaluatePanel = owned(new EvaluatePanel({ extension, engine, models, evaluations, evaluationPanel }));
  owned(new RequestProblems());
  const classifiers = owned(new Classifiers(models, extension.workspaceState));
  const classificationPanel = owned(new ClassificationPanel({ extension, engine, models, classifiers }));
  owned(new Endings(runs));
  owned(new EvaluationEndings(evaluations));
  owned(new ModelsView(models));
  owned(new RunsView(runs));
  owned(new RunsStatusBar(runs));
  owned(new EvaluationsView(evaluations));
  owned(new EvaluationsStatusBar(evaluations));
  owned(new StatusBar(models, process, scores));
  owned(registerModelInfo(engine));
  owned(registerDeviceReport(engine, models));
  owned(vscode.languages.registerHoverProvider('*', new LabHover(engine, models, scores)));
  // The one that is registered last stands first.
  owned(vscode.languages.registerHoverProvider('*', new LineHover(engine, models, classifiers)));
  const inlineCompletions = new InlineCompletions(engine, models);
  owned(vscode.languages.registerInlineCompletionItemProvider('*', inlineCompletions));
  const shown = {
    panel,
    chatPanel,
    generationsPanel,
    datasetPanels,
    annotatePanel,
    continuation,
    runs,
    curvesPanel,
    fineTunePanel,
    evaluations,
    evaluationPanel,
    evaluatePanel,
    classifiers,
    classificationPanel,
  };
  owned(registerCommands({ extension, log, process, engine, models, scores, heat, ...shown }));
  void vscode.commands.executeCommand('setContext', 'lmLab.canInstallCuda', canInstallCuda());
  const { user, system } = cpuUsage(start);
  const activationMilliseconds = (user + system) / 1000;
  log.info(`activated in ${activationMilliseconds.toFixed(1)} ms of processor time`);
  return { activationMilliseconds, scores, heat, ...shown, generations, inlineCompletions, process, models };
}
