import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { FineTuneIntent, FineTuneMessage, FineTuneSnapshot } from '../../protocol/panels/fineTune.ts';
import type { Reason } from '../../protocol/result.ts';
import type { RunRequest } from '../../protocol/run/spec.ts';
import { Disposable } from '../disposable.ts';
import { fieldMeanings } from '../fineTune/fieldMeanings.ts';
import { FineTune, type FineTuneParts } from '../fineTune/fineTune.ts';
import { startRun } from '../fineTune/startRun.ts';
import { openRequest, saveRequest } from '../fineTune/writtenRequest.ts';
import { keep, kept } from '../keptFile.ts';
import type { Models } from '../models/models.ts';
import { placeFor } from '../folders/places.ts';
import type { Runs } from '../runs/runs.ts';
import { carryOut, type IntentHandlers } from './intents.ts';
import { fillPage } from './page.ts';
import { modelsOf } from './tokenProbabilitiesSnapshot.ts';
import type { Panels } from './panels.ts';
import { VIEW_TYPES } from './viewTypes.ts';

const KEPT = 'fineTune.json';
/** How long a change may wait until the request is written down. */
const KEEP_MILLISECONDS = 300;

type Handlers = IntentHandlers<FineTuneIntent>;

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
  readonly #handlers: Handlers;
  #panel: vscode.WebviewPanel | undefined;
  #fineTune: FineTune | undefined;
  #meanings: Readonly<Record<string, string>> = {};
  #version = 0;
  #starting = false;
  #failed: Reason | null = null;
  #keeping: NodeJS.Timeout | undefined;

  constructor(parts: FineTunePanelParts) {
    super();
    this.#parts = parts;
    this.#handlers = this.#intents();
    this._register(parts.models.onDidChange(() => this.#change({ models: this.#models })));
    this._register({ dispose: () => clearTimeout(this.#keeping) });
    this._register({ dispose: () => this.#fineTune?.dispose() });
    this._register({ dispose: () => this.#panel?.dispose() });
  }

  /** What the page shows, as it would be sent now; undefined before there is a request. */
  get snapshot(): FineTuneSnapshot | undefined {
    if (!this.#fineTune) return undefined;
    const { request, state } = this.#fineTune;
    return {
      ...state,
      request,
      version: this.#version,
      meanings: this.#meanings,
      models: this.#models,
      datasetName: vscode.workspace.asRelativePath(request.dataset.file),
      starting: this.#starting,
      failed: this.#failed,
    };
  }

  /** Opens the form over a request, whose paths are absolute. */
  async show(request: RunRequest): Promise<void> {
    this.#set(request);
    if (this.#panel) this.#panel.reveal();
    else {
      const column = vscode.ViewColumn.Active;
      this.#take(
        vscode.window.createWebviewPanel(VIEW_TYPES.fineTune, title(request), column, { enableFindWidget: true }),
      );
    }
    await this.#begin();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const request = await kept<RunRequest>(this.#storage, KEPT);
    if (!request) return panel.dispose();
    this.#set(request);
    this.#take(panel);
    await this.#begin();
  }

  get #storage(): vscode.Uri {
    return this.#parts.extension.storageUri ?? this.#parts.extension.globalStorageUri;
  }

  get #models(): FineTuneSnapshot['models'] {
    return modelsOf(this.#parts.models).models;
  }

  #set(request: RunRequest): void {
    this.#fineTune?.dispose();
    const { engine, runs, extension } = this.#parts;
    const diskOf = (file: string): string => nearestFolder(placeFor(extension, 'runs', vscode.Uri.file(file)));
    this.#fineTune = new FineTune({ engine, runs: () => runs.list.runs, diskOf }, request);
    this.#fineTune.events.on('change', changes => this.#change(changes));
    this.#version++;
    this.#failed = null;
    if (this.#panel) this.#panel.title = title(request);
    this.#keepSoon();
  }

  async #begin(): Promise<void> {
    const schema = this.#parts.extension.asAbsolutePath(path.join('media', 'run.schema.json'));
    this.#meanings = fieldMeanings(JSON.parse(await readFile(schema, 'utf8')) as object);
    await this.#parts.models.list();
    this.#sendAll();
    await this.#fineTune?.read();
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    const { extensionUri } = this.#parts.extension;
    panel.webview.onDidReceiveMessage((intent: FineTuneIntent) => carryOut(this.#handlers, intent));
    panel.onDidDispose(() => {
      this.#panel = undefined;
    });
    fillPage(panel, extensionUri, 'fineTune', 'Fine-tune');
  }

  #post(message: FineTuneMessage): void {
    void this.#panel?.webview.postMessage(message);
  }

  #sendAll(): void {
    const { snapshot } = this;
    if (snapshot) this.#post({ type: 'snapshot', snapshot });
  }

  #change(changes: Partial<FineTuneSnapshot>): void {
    this.#post({ type: 'changes', changes });
  }

  #intents() {
    const asked = (): RunRequest => (this.#fineTune as FineTune).request;
    return {
      ready: () => this.#sendAll(),
      edit: ({ request }) => {
        this.#fineTune?.edit(request);
        this.#keepSoon();
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
    } satisfies Handlers;
  }

  async #start(): Promise<void> {
    if (!this.#fineTune || this.#starting) return;
    const { request } = this.#fineTune;
    const [problem] = this.#fineTune.allProblems;
    if (problem) return this.#startingIs(false, problem.reason);
    this.#startingIs(true, null);
    const started = await startRun(this.#parts, request, path.dirname(request.dataset.file));
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
      if (this.#fineTune) void keep(this.#storage, KEPT, this.#fineTune.request);
    }, KEEP_MILLISECONDS);
  }
}

const title = ({ dataset }: RunRequest): string => `Fine-tune: ${path.basename(dataset.file)}`;

/** A folder that will be made stands on the disk of the nearest one above it. */
function nearestFolder(folder: string): string {
  return existsSync(folder) || path.dirname(folder) === folder ? folder : nearestFolder(path.dirname(folder));
}
