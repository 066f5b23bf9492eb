import * as vscode from 'vscode';
import type { EngineApi } from '../../protocol/engine.ts';
import type { Classifiers } from '../classification/classifiers.ts';
import { Disposable } from '../disposable.ts';
import type { LastEditor } from '../editor/lastEditor.ts';
import type { Evaluations } from '../evaluations/evaluations.ts';
import type { Models } from '../models/models.ts';
import type { Runs } from '../runs/runs.ts';
import type { Scores } from '../scoring/scores.ts';
import type { AnnotatePanel } from './annotatePanel.ts';
import type { ChatPanel } from './chatPanel.ts';
import type { ClassificationPanel } from './classificationPanel.ts';
import type { DatasetPanels } from './datasetPanels.ts';
import type { EvaluatePanel } from './evaluatePanel.ts';
import type { EvaluationPanel } from './evaluationPanel.ts';
import type { FineTunePanel } from './fineTunePanel.ts';
import type { GenerationsPanel } from './generationsPanel.ts';
import type { TokenProbabilitiesPanel } from './tokenProbabilitiesPanel.ts';
import type { TrainingCurvesPanel } from './trainingCurvesPanel.ts';
import { VIEW_TYPES } from './viewTypes.ts';

/** What panels work with. */
export interface PanelParts {
  readonly extension: vscode.ExtensionContext;
  readonly engine: EngineApi;
  readonly models: Models;
  readonly scores: Scores;
  readonly lastEditor: LastEditor;
  readonly runs: Runs;
  readonly evaluations: Evaluations;
  readonly classifiers: Classifiers;
}

interface HostHalf extends vscode.WebviewPanelSerializer, vscode.Disposable {
  /** Whether its page is open; absent where it may have several pages. */
  readonly isOpen?: boolean;
}

type Asked<T> = () => Promise<T>;

/**
 * The host's halves of the panels. The code of each is read when it is first asked for, or when the editor brings its
 * page back: a window in which none is opened does not wait for any.
 */
export class Panels extends Disposable {
  readonly tokenProbabilities: Asked<TokenProbabilitiesPanel>;
  readonly chat: Asked<ChatPanel>;
  readonly generations: Asked<GenerationsPanel>;
  readonly datasets: Asked<DatasetPanels>;
  readonly annotate: Asked<AnnotatePanel>;
  readonly trainingCurves: Asked<TrainingCurvesPanel>;
  readonly fineTune: Asked<FineTunePanel>;
  readonly evaluation: Asked<EvaluationPanel>;
  readonly evaluate: Asked<EvaluatePanel>;
  readonly classification: Asked<ClassificationPanel>;

  constructor(given: PanelParts) {
    super();
    const { extension, engine, models, scores, runs, evaluations } = given;
    const parts = { ...given, panels: this };
    this.tokenProbabilities = this.#lazily(VIEW_TYPES.tokenProbabilities, async () => {
      const { TokenProbabilitiesPanel } = await import('./tokenProbabilitiesPanel.ts');
      return new TokenProbabilitiesPanel(extension, scores, models);
    });
    this.chat = this.#lazily(VIEW_TYPES.chat, async () => {
      const [{ ChatPanel }, { createChat }] = await Promise.all([
        import('./chatPanel.ts'),
        import('../chat/createChat.ts'),
      ]);
      return new ChatPanel(extension, createChat(engine, models), models);
    });
    this.generations = this.#lazily(VIEW_TYPES.generations, async () => {
      const [{ GenerationsPanel }, { Generations }] = await Promise.all([
        import('./generationsPanel.ts'),
        import('../generation/generations.ts'),
      ]);
      return new GenerationsPanel({ ...parts, generations: new Generations(engine, models) });
    });
    this.datasets = this.#lazily(VIEW_TYPES.dataset, async () => {
      const { DatasetPanels } = await import('./datasetPanels.ts');
      return new DatasetPanels(parts);
    });
    this.annotate = this.#lazily(VIEW_TYPES.annotate, async () => {
      const { AnnotatePanel } = await import('./annotatePanel.ts');
      return new AnnotatePanel(parts);
    });
    this.trainingCurves = this.#lazily(VIEW_TYPES.trainingCurves, async () => {
      const { TrainingCurvesPanel } = await import('./trainingCurvesPanel.ts');
      return new TrainingCurvesPanel(extension, runs);
    });
    this.fineTune = this.#lazily(VIEW_TYPES.fineTune, async () => {
      const { FineTunePanel } = await import('./fineTunePanel.ts');
      return new FineTunePanel(parts);
    });
    this.evaluation = this.#lazily(VIEW_TYPES.evaluation, async () => {
      const { EvaluationPanel } = await import('./evaluationPanel.ts');
      return new EvaluationPanel(extension, evaluations);
    });
    this.evaluate = this.#lazily(VIEW_TYPES.evaluate, async () => {
      const { EvaluatePanel } = await import('./evaluatePanel.ts');
      return new EvaluatePanel(parts);
    });
    this.classification = this.#lazily(VIEW_TYPES.classification, async () => {
      const { ClassificationPanel } = await import('./classificationPanel.ts');
      return new ClassificationPanel(parts);
    });
  }

  #lazily<T extends HostHalf>(viewType: string, make: Asked<T>): Asked<T> {
    let made: Promise<T> | undefined;
    const asked = (): Promise<T> => {
      made ??= make().then(
        half => this._register(half),
        error => {
          made = undefined; // it may be asked for again
          throw error;
        },
      );
      return made;
    };
    const deserializeWebviewPanel: vscode.WebviewPanelSerializer['deserializeWebviewPanel'] = async (panel, state) => {
      const half = await asked();
      // The editor brings a page back when its tab is first looked at; by then another may have been opened.
      return half.isOpen ? panel.dispose() : half.deserializeWebviewPanel(panel, state);
    };
    this._register(vscode.window.registerWebviewPanelSerializer(viewType, { deserializeWebviewPanel }));
    return asked;
  }
}
