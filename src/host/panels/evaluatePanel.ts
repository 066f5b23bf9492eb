import path from 'node:path';
import * as vscode from 'vscode';
import type { EvaluateIntent, EvaluateMessage, EvaluateSnapshot } from '../../protocol/panels/evaluate.ts';
import { evaluationProblems } from '../../protocol/evaluation/check.ts';
import type { EvaluationRequest } from '../../protocol/evaluation/request.ts';
import type { Reason } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import { EvaluateForm, type EvaluateFormParts } from '../evaluations/evaluateForm.ts';
import type { Evaluations } from '../evaluations/evaluations.ts';
import { startEvaluation } from '../evaluations/startEvaluation.ts';
import { offeredModels } from '../judges/languageModels.ts';
import { keep, kept } from '../keptFile.ts';
import type { Models } from '../models/models.ts';
import type { Panels } from './panels.ts';
import { carryOut, type IntentHandlers } from './intents.ts';
import { fillPage } from './page.ts';
import { modelsOf } from './tokenProbabilitiesSnapshot.ts';
import { VIEW_TYPES } from './viewTypes.ts';

const KEPT = 'evaluate.json';
/** How long a change may wait until the request is written down. */
const KEEP_MILLISECONDS = 300;

type Handlers = IntentHandlers<EvaluateIntent>;

export interface EvaluatePanelParts {
  readonly extension: vscode.ExtensionContext;
  readonly engine: EvaluateFormParts['engine'];
  readonly models: Models;
  readonly evaluations: Evaluations;
  readonly panels: Panels;
}

/** The host's half of the form that begins an evaluation: it keeps the request, looks at its data and starts it. */
export class EvaluatePanel extends Disposable implements vscode.WebviewPanelSerializer {
  readonly #parts: EvaluatePanelParts;
  readonly #handlers: Handlers;
  #panel: vscode.WebviewPanel | undefined;
  #form: EvaluateForm | undefined;
  #languageModels: EvaluateSnapshot['languageModels'] = [];
  #version = 0;
  #starting = false;
  #failed: Reason | null = null;
  #keeping: NodeJS.Timeout | undefined;

  constructor(parts: EvaluatePanelParts) {
    super();
    this.#parts = parts;
    this.#handlers = this.#intents();
    this._register(parts.models.onDidChange(() => this.#change({ models: this.#models })));
    this._register({ dispose: () => clearTimeout(this.#keeping) });
    this._register({ dispose: () => this.#form?.dispose() });
    this._register({ dispose: () => this.#panel?.dispose() });
  }

  /** What the page shows, as it would be sent now; undefined before there is a request. */
  get snapshot(): EvaluateSnapshot | undefined {
    if (!this.#form) return undefined;
    const { request, state } = this.#form;
    return {
      ...state,
      request,
      version: this.#version,
      models: this.#models,
      languageModels: this.#languageModels,
      datasetName: vscode.workspace.asRelativePath(request.dataset.file),
      starting: this.#starting,
      failed: this.#failed,
    };
  }

  /** Opens the form over a request, whose paths are absolute. */
  async show(request: EvaluationRequest): Promise<void> {
    this.#set(request);
    if (this.#panel) this.#panel.reveal();
    else {
      const column = vscode.ViewColumn.Active;
      this.#take(
        vscode.window.createWebviewPanel(VIEW_TYPES.evaluate, title(request), column, { enableFindWidget: true }),
      );
    }
    await this.#begin();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const request = await kept<EvaluationRequest>(this.#storage, KEPT);
    if (!request) return panel.dispose();
    this.#set(request);
    this.#take(panel);
    await this.#begin();
  }

  get #storage(): vscode.Uri {
    return this.#parts.extension.storageUri ?? this.#parts.extension.globalStorageUri;
  }

  get #models(): EvaluateSnapshot['models'] {
    const { models } = this.#parts;
    const classifiers = (models.entries ?? []).filter(({ labels }) => labels).map(({ id }) => id);
    return modelsOf(models).models.map(model => ({ ...model, classifies: classifiers.includes(model.id) }));
  }

  #set(request: EvaluationRequest): void {
    this.#form?.dispose();
    const { engine, models, evaluations } = this.#parts;
    const parts = { engine, models: () => models.entries ?? [], evaluations: () => evaluations.list.items };
    this.#form = new EvaluateForm(parts, request);
    this.#form.events.on('change', changes => this.#change(changes));
    this.#version++;
    this.#failed = null;
    if (this.#panel) this.#panel.title = title(request);
    this.#keepSoon();
  }

  async #begin(): Promise<void> {
    await this.#parts.models.list();
    this.#sendAll();
    await this.#form?.read();
    this.#languageModels = (await offeredModels()).map(({ id, name }) => ({ id, label: name }));
    this.#change({ languageModels: this.#languageModels });
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    const { extensionUri } = this.#parts.extension;
    panel.webview.onDidReceiveMessage((intent: EvaluateIntent) => carryOut(this.#handlers, intent));
    panel.onDidDispose(() => {
      this.#panel = undefined;
    });
    fillPage(panel, extensionUri, 'evaluate', 'Evaluate');
  }

  #post(message: EvaluateMessage): void {
    void this.#panel?.webview.postMessage(message);
  }

  #sendAll(): void {
    const { snapshot } = this;
    if (snapshot) this.#post({ type: 'snapshot', snapshot });
  }

  #change(changes: Partial<EvaluateSnapshot>): void {
    this.#post({ type: 'changes', changes });
  }

  #intents() {
    return {
      ready: () => this.#sendAll(),
      edit: ({ request }) => {
        this.#form?.edit(request);
        this.#keepSoon();
      },
      task: async ({ task }) => {
        if (!this.#form) return;
        const request = this.#form.withTask(task);
        this.#version++;
        this.#form.edit(request);
        this.#sendAll();
      },
      preview: ({ row }) => this.#form?.showRow(row),
      start: () => this.#start(),
      openDataset: () => vscode.commands.executeCommand('lmLab.openDataset', this.#form?.request.dataset.file),
      readAgain: () => this.#form?.read(),
      runCommand: ({ command }) => vscode.commands.executeCommand(command),
    } satisfies Handlers;
  }

  async #start(): Promise<void> {
    if (!this.#form || this.#starting) return;
    const { request, state } = this.#form;
    const [problem] = evaluationProblems(request, state.opened.value);
    if (problem) return this.#startingIs(false, problem.reason);
    this.#startingIs(true, null);
    const started = await startEvaluation(this.#parts, request, '/');
    this.#startingIs(false, started.ok ? null : started.error);
  }

  #startingIs(starting: boolean, failed: Reason | null): void {
    this.#starting = starting;
    this.#failed = failed;
    this.#change({ starting, failed });
  }

  #keepSoon(): void {
    this.#keeping ??= setTimeout(() => {
      this.#keeping = undefined;
      if (this.#form) void keep(this.#storage, KEPT, this.#form.request);
    }, KEEP_MILLISECONDS);
  }
}

const title = ({ dataset }: EvaluationRequest): string => `Evaluate: ${path.basename(dataset.file)}`;
