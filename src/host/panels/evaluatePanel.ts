import * as vscode from 'vscode';
import type { EvaluateIntent, EvaluateSnapshot } from '../../protocol/panels/evaluate.ts';
import { evaluationProblems } from '../../protocol/evaluation/check.ts';
import type { EvaluationRequest } from '../../protocol/evaluation/request.ts';
import { Disposable } from '../disposable.ts';
import { EvaluateForm, type EvaluateFormParts } from '../evaluations/evaluateForm.ts';
import type { Evaluations } from '../evaluations/evaluations.ts';
import { startEvaluation } from '../evaluations/startEvaluation.ts';
import { offeredModels } from '../judges/languageModels.ts';
import type { Models } from '../models/models.ts';
import type { Panels } from './panels.ts';
import { FormPage } from './formPage.ts';
import type { IntentHandlers } from './intents.ts';
import { modelsOf } from './tokenProbabilitiesSnapshot.ts';

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
  readonly #page: FormPage<EvaluationRequest, EvaluateSnapshot, EvaluateIntent>;
  #form: EvaluateForm | undefined;
  #languageModels: EvaluateSnapshot['languageModels'] = [];

  constructor(parts: EvaluatePanelParts) {
    super();
    this.#parts = parts;
    this._register(parts.models.onDidChange(() => this.#page.change({ models: this.#models })));
    this._register({ dispose: () => this.#form?.dispose() });
    this.#page = this._register(
      new FormPage({
        extension: parts.extension,
        name: 'evaluate',
        title: 'Evaluate',
        handlers: this.#intents(),
        request: () => this.#form?.request,
        snapshot: () => this.snapshot,
      }),
    );
  }

  /** What the page shows, as it would be sent now; undefined before there is a request. */
  get snapshot(): EvaluateSnapshot | undefined {
    if (!this.#form) return undefined;
    const { request, state } = this.#form;
    return {
      ...state,
      ...this.#page.state,
      request,
      models: this.#models,
      languageModels: this.#languageModels,
      datasetName: vscode.workspace.asRelativePath(request.dataset.file),
    };
  }

  /** Opens the form over a request, whose paths are absolute. */
  async show(request: EvaluationRequest): Promise<void> {
    this.#set(request);
    this.#page.show();
    await this.#begin();
  }

  get isOpen(): boolean {
    return this.#page.isOpen;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const request = await this.#page.kept();
    if (!request) return panel.dispose();
    this.#set(request);
    this.#page.take(panel);
    await this.#begin();
  }

  get #models(): EvaluateSnapshot['models'] {
    const { models } = this.#parts;
    const entries = new Map((models.entries ?? []).map(entry => [entry.id, entry]));
    return modelsOf(models).models.map(model => {
      const { labels, precision = 'f32' } = entries.get(model.id) ?? {};
      return { ...model, classifies: labels !== undefined, precision };
    });
  }

  #set(request: EvaluationRequest): void {
    this.#form?.dispose();
    const { engine, models, evaluations } = this.#parts;
    const parts = { engine, models: () => models.entries ?? [], evaluations: () => evaluations.list.items };
    this.#form = new EvaluateForm(parts, request);
    this.#form.events.on('change', changes => this.#page.change(changes));
    this.#page.renewed();
  }

  async #begin(): Promise<void> {
    await this.#parts.models.list();
    this.#page.sendAll();
    await this.#form?.read();
    this.#languageModels = (await offeredModels()).map(({ id, name }) => ({ id, label: name }));
    this.#page.change({ languageModels: this.#languageModels });
  }

  #intents() {
    return {
      ready: () => this.#page.sendAll(),
      edit: ({ request }) => {
        this.#form?.edit(request);
        this.#page.keepSoon();
      },
      task: async ({ task }) => {
        if (!this.#form) return;
        this.#form.edit(this.#form.withTask(task));
        this.#page.renewed();
        this.#page.sendAll();
      },
      preview: ({ row }) => this.#form?.showRow(row),
      start: () => this.#start(),
      openDataset: () => vscode.commands.executeCommand('lmLab.openDataset', this.#form?.request.dataset.file),
      readAgain: () => this.#form?.read(),
      runCommand: ({ command }) => vscode.commands.executeCommand(command),
    } satisfies IntentHandlers<EvaluateIntent>;
  }

  async #start(): Promise<void> {
    if (!this.#form) return;
    const { request, state } = this.#form;
    const [problem] = evaluationProblems(request, state.opened.value);
    await this.#page.start(problem?.reason, () => startEvaluation(this.#parts, request, '/'));
  }
}
