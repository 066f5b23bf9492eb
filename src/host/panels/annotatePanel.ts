import path from 'node:path';
import * as vscode from 'vscode';
import type { DatasetRequest } from '../../protocol/dataset.ts';
import type { EngineApi } from '../../protocol/engine.ts';
import type {
  AnnotateIntent,
  AnnotateMessage,
  AnnotateSnapshot,
  SavedAnnotatePage,
} from '../../protocol/panels/annotate.ts';
import { Annotation } from '../annotate/annotation.ts';
import { type AnnotationSession, firstAnnotation, keepAnnotation, keptAnnotation } from '../annotate/session.ts';
import { trainingRequest } from '../annotate/trainingRequest.ts';
import { Disposable } from '../disposable.ts';
import type { Models } from '../models/models.ts';
import { carryOut, type IntentHandlers } from './intents.ts';
import { fillPage } from './page.ts';
import { modelsOf } from './tokenProbabilitiesSnapshot.ts';
import { VIEW_TYPES } from './viewTypes.ts';

type Handlers = IntentHandlers<AnnotateIntent>;

export interface AnnotatePanelParts {
  readonly extension: vscode.ExtensionContext;
  readonly engine: EngineApi;
  readonly models: Models;
}

/** The host's half of the Annotate panel: one dataset at a time, whose responses are judged. */
export class AnnotatePanel extends Disposable implements vscode.WebviewPanelSerializer<SavedAnnotatePage> {
  readonly #parts: AnnotatePanelParts;
  readonly #handlers: Handlers;
  #panel: vscode.WebviewPanel | undefined;
  #annotation: Annotation | undefined;

  constructor(parts: AnnotatePanelParts) {
    super();
    this.#parts = parts;
    this.#handlers = { ...this.#judging(), ...this.#leading() };
    this._register(parts.models.onDidChange(() => this.#post({ type: 'changes', changes: modelsOf(parts.models) })));
    this._register({ dispose: () => this.#annotation?.dispose() });
    this._register({ dispose: () => this.#panel?.dispose() });
  }

  /** What the page shows, as it would be sent now; undefined before there is a dataset. */
  get snapshot(): AnnotateSnapshot | undefined {
    if (!this.#annotation) return undefined;
    const { session, state } = this.#annotation;
    return {
      ...state,
      ...modelsOf(this.#parts.models),
      datasetName: vscode.workspace.asRelativePath(session.dataset.dataset.file),
      outputName: vscode.workspace.asRelativePath(session.output),
    };
  }

  /** The work that is shown; undefined before there is any. */
  get annotation(): Annotation | undefined {
    return this.#annotation;
  }

  /** Opens the panel over a dataset, as it was left where it was annotated before. Its paths are absolute. */
  async show(dataset: DatasetRequest): Promise<void> {
    const { file } = dataset.dataset;
    const before = this.#annotation?.session;
    const same = before?.dataset.dataset.file === file;
    const kept = same ? before : await keptAnnotation(this.#parts.extension, file);
    if (!same || this.#annotation?.state.stage.kind === 'settings')
      this.#set(kept ? { ...kept, dataset } : firstAnnotation(dataset));
    if (this.#panel) this.#panel.reveal();
    else {
      const options = { enableFindWidget: true };
      this.#take(vscode.window.createWebviewPanel(VIEW_TYPES.annotate, this.#title, vscode.ViewColumn.Active, options));
    }
    await this.#begin();
  }

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, saved: SavedAnnotatePage | undefined): Promise<void> {
    const kept = saved && (await keptAnnotation(this.#parts.extension, saved.file));
    if (!kept) return panel.dispose();
    this.#set(kept);
    this.#take(panel);
    await this.#begin();
    if (saved.begun) await this.#annotation?.start();
  }

  get #title(): string {
    return `Annotate: ${path.basename(this.#annotation?.session.dataset.dataset.file ?? '')}`;
  }

  #set(session: AnnotationSession): void {
    this.#annotation?.dispose();
    const { engine, models, extension } = this.#parts;
    const choice = (model: string) => models.choice(model);
    const keep = (changed: AnnotationSession) => keepAnnotation(extension, changed);
    this.#annotation = new Annotation({ engine, choice, keep }, session);
    this.#annotation.events.on('change', changes => this.#post({ type: 'changes', changes }));
    void keep(session);
    if (this.#panel) this.#panel.title = this.#title;
  }

  async #begin(): Promise<void> {
    await this.#parts.models.list();
    if (this.#annotation?.state.stage.kind === 'settings') await this.#annotation.read();
    this.#sendAll();
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    const { extensionUri } = this.#parts.extension;
    panel.webview.onDidReceiveMessage((intent: AnnotateIntent) => carryOut(this.#handlers, intent));
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#annotation?.pause();
    });
    fillPage(panel, extensionUri, 'annotate', 'Annotate');
  }

  #post(message: AnnotateMessage): void {
    void this.#panel?.webview.postMessage(message);
  }

  #sendAll(): void {
    const { snapshot } = this;
    if (snapshot) this.#post({ type: 'snapshot', snapshot });
  }

  #judging() {
    const on = (work: (annotation: Annotation) => unknown): unknown => this.#annotation && work(this.#annotation);
    return {
      ready: () => this.#sendAll(),
      settings: ({ changes }) => on(annotation => annotation.set(changes)),
      start: () => on(annotation => annotation.start()),
      pause: () => on(annotation => annotation.pause()),
      judge: ({ item, verdict }) => on(annotation => annotation.judge(item, verdict)),
      skip: () => on(annotation => annotation.skip()),
      undo: () => on(annotation => annotation.undo()),
      tryAgain: () => on(annotation => annotation.tryAgain()),
      reveal: ({ on: revealed }) => on(annotation => annotation.reveal(revealed)),
    } satisfies Partial<Handlers>;
  }

  #leading() {
    const session = (): AnnotationSession => (this.#annotation as Annotation).session;
    return {
      chooseOutput: () => this.#chooseOutput(),
      openDataset: () => vscode.commands.executeCommand('lmLab.openDataset', session().dataset.dataset.file),
      openOutput: () => vscode.commands.executeCommand('lmLab.openDataset', session().output),
      train: ({ method }) => {
        const judgements = this.#annotation?.judgements ?? [];
        return vscode.commands.executeCommand('lmLab.fineTune', trainingRequest(session(), judgements, method));
      },
      runCommand: ({ command }) => vscode.commands.executeCommand(command),
    } satisfies Partial<Handlers>;
  }

  /** The save dialog warns of a file that is there; judgements are added to it, and nothing of it is lost. */
  async #chooseOutput(): Promise<void> {
    const annotation = this.#annotation;
    const file = await vscode.window.showSaveDialog({
      title: 'File of the judgements: an existing one is added to',
      saveLabel: 'Use This File',
      filters: { 'JSON lines': ['jsonl'] },
      ...(annotation && { defaultUri: vscode.Uri.file(annotation.session.output) }),
    });
    if (!file || !annotation) return;
    await annotation.setOutput(file.fsPath);
    this.#sendAll();
  }
}
