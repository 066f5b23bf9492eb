import { cpuUsage } from 'node:process';
import * as vscode from 'vscode';
import { Classifiers } from './host/classification/classifiers.ts';
import { LineHover } from './host/classification/lineHover.ts';
import { registerCommands } from './host/commands/register.ts';
import { DatasetContext } from './host/datasets/datasetContext.ts';
import { Heat } from './host/editor/heat.ts';
import { Continuation } from './host/editor/continuation.ts';
import { LabHover } from './host/editor/hover.ts';
import { InlineCompletions } from './host/editor/inlineCompletions.ts';
import { RequestProblems } from './host/editor/requestProblems.ts';
import { LastEditor } from './host/editor/lastEditor.ts';
import { EvaluationEndings } from './host/evaluations/evaluationEndings.ts';
import { Evaluations } from './host/evaluations/evaluations.ts';
import type { Lab } from './host/lab.ts';
import { Models } from './host/models/models.ts';
import { Panels } from './host/panels/panels.ts';
import { canInstallCuda } from './host/processes/installer.ts';
import { createEngine, trainerEnvironment } from './host/processes/engine.ts';
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
  const lastEditor = owned(new LastEditor());
  owned(new DatasetContext());
  const continuation = owned(new Continuation(engine, models, extension.workspaceState));
  const runs = owned(new Runs({ extension, log, environment: trainerEnvironment }));
  const evaluations = owned(new Evaluations({ extension, log, engine }));
  owned(new RequestProblems());
  const classifiers = owned(new Classifiers(models, extension.workspaceState));
  const working = { extension, engine, models, scores, runs, evaluations, classifiers };
  const panels = owned(new Panels({ ...working, lastEditor }));
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
  owned(registerCommands({ ...working, log, process, heat, continuation, panels }));
  void vscode.commands.executeCommand('setContext', 'lmLab.canInstallCuda', canInstallCuda());
  const { user, system } = cpuUsage(start);
  const activationMilliseconds = (user + system) / 1000;
  log.info(`activated in ${activationMilliseconds.toFixed(1)} ms of processor time`);
  const exported = {
    scores,
    heat,
    models,
    runs,
    evaluations,
    classifiers,
    continuation,
    panels,
    inlineCompletions,
    process,
  };
  return { activationMilliseconds, ...exported };
}
