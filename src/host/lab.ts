import type * as vscode from 'vscode';
import type { EngineApi } from '../protocol/engine.ts';
import type { Continuation } from './editor/continuation.ts';
import type { Heat } from './editor/heat.ts';
import type { Evaluations } from './evaluations/evaluations.ts';
import type { Models } from './models/models.ts';
import type { Classifiers } from './classification/classifiers.ts';
import type { Panels } from './panels/panels.ts';
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
  readonly panels: Panels;
  readonly continuation: Continuation;
  readonly runs: Runs;
  readonly evaluations: Evaluations;
  readonly classifiers: Classifiers;
}
