import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { FineTuneIntent, FineTuneSnapshot } from '../../protocol/panels/fineTune.ts';
import type { RunRequest } from '../../protocol/run/spec.ts';
import { Disposable } from '../disposable.ts';
import { fieldMeanings } from '../fineTune/fieldMeanings.ts';
import { FineTune, type FineTuneParts } from '../fineTune/fineTune.ts';
import { startRun } from '../fineTune/startRun.ts';
import { openRequest, saveRequest } from '../fineTune/writtenRequest.ts';
import type { Models } from '../models/models.ts';
import { placeFor } from '../folders/places.ts';
import type { Runs } from '../runs/runs.ts';
import { FormPage } from './formPage.ts';
import type { IntentHandlers } from './intents.ts';
import { modelsOf } from './tokenProbabilitiesSnapshot.ts';
import type { Panels } from './panels.ts';

export interface FineTunePanelParts {
  readonly extension: vscode.ExtensionContext;
  readonly engine: FineTuneParts['engine'];
  readonly models: Models;
  readonly runs: Runs;
  readonly panels: Panels;
}

/** The host's half of the Fine-tune panel: a form over one request, which it keeps, checks against the data and starts. */
export class FineTunePanel extends Disposable implements vscode.WebviewPanelSerializer {
  readonly #parts: FineTunePanelParts;
  readonly #page: FormPage<RunRequest, FineTuneSnapshot, FineTuneIntent>;
  #fineTune: FineTune | undefined;
  #meanings: Readonly<Record<string, string>> = {};

  constructor(parts: FineTunePanelParts) {
    super();
    this.#parts = parts;
    this._register(parts.models.onDidChange(() => this.#page.change({ models: this.#models })));
    this._register({ dispose: () => this.#fineTune?.dispose() });
    this.#page = this._register(
      new FormPage({
        extension: parts.extension,
        name: 'fineTune',
        title: 'Fine-tune',
        handlers: this.#intents(),
        request: () => this.#fineTune?.request,
        snapshot: () => this.snapshot,
      }),
    );
  }

  /** What the page shows, as it would be sent now; undefined before there is a request. */
  get snapshot(): FineTuneSnapshot | undefined {
    if (!this.#fineTune) return undefined;
    const { request, state } = this.#fineTune;
    return {
      ...state,
      ...this.#page.state,
      request,
      meanings: this.#meanings,
      models: this.#models,
      datasetName: vscode.workspace.asRelativePath(request.dataset.file),
    };
  }

  /** Opens the form over a request, whose paths are absolute. */
  async show(request: RunRequest): Promise<void> {
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

  get #models(): FineTuneSnapshot['models'] {
    return modelsOf(this.#parts.models).models;
  }

  #set(request: RunRequest): void {
    this.#fineTune?.dispose();
    const { engine, runs, extension } = this.#parts;
    const diskOf = (file: string): string => nearestFolder(placeFor(extension, 'runs', vscode.Uri.file(file)));
    this.#fineTune = new FineTune({ engine, runs: () => runs.list.runs, diskOf }, request);
    this.#fineTune.events.on('change', changes => this.#page.change(changes));
    this.#page.renewed();
  }

  async #begin(): Promise<void> {
    const schema = this.#parts.extension.asAbsolutePath(path.join('media', 'run.schema.json'));
    this.#meanings = fieldMeanings(JSON.parse(await readFile(schema, 'utf8')) as object);
    await this.#parts.models.list();
    this.#page.sendAll();
    await this.#fineTune?.read();
  }

  #intents() {
    const asked = (): RunRequest => (this.#fineTune as FineTune).request;
    return {
      ready: () => this.#page.sendAll(),
      edit: ({ request }) => {
        this.#fineTune?.edit(request);
        this.#page.keepSoon();
      },
      start: () => this.#start(),
      save: async () => {
        const file = await saveRequest(asked());
        if (file) await vscode.commands.executeCommand('vscode.open', file);
      },
      openAsJson: () => openRequest(asked()),
      openDataset: () => vscode.commands.executeCommand('lmLab.openDataset', asked().dataset.file),
      readAgain: () => this.#fineTune?.read(),
      runCommand: ({ command }) => vscode.commands.executeCommand(command),
    } satisfies IntentHandlers<FineTuneIntent>;
  }

  async #start(): Promise<void> {
    if (!this.#fineTune) return;
    const { request, allProblems } = this.#fineTune;
    await this.#page.start(allProblems[0]?.reason, () =>
      startRun(this.#parts, request, path.dirname(request.dataset.file)),
    );
  }
}

/** A folder that will be made stands on the disk of the nearest one above it. */
function nearestFolder(folder: string): string {
  return existsSync(folder) || path.dirname(folder) === folder ? folder : nearestFolder(path.dirname(folder));
}
