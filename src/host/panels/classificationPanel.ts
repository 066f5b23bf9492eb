import * as vscode from 'vscode';
import type { EngineApi } from '../../protocol/engine.ts';
import type {
  ClassificationIntent,
  ClassificationMessage,
  ClassificationSnapshot,
} from '../../protocol/panels/classification.ts';
import { placeOf } from '../../protocol/precision.ts';
import { CANCELLED } from '../../protocol/result.ts';
import type { Classifiers } from '../classification/classifiers.ts';
import { Disposable } from '../disposable.ts';
import { Newest } from '../editor/newest.ts';
import { reveal } from '../editor/places.ts';
import { keep, kept } from '../keptFile.ts';
import type { Models } from '../models/models.ts';
import type { Span } from '../scoring/scoredDocument.ts';
import { carryOut, type IntentHandlers } from './intents.ts';
import { fillPage } from './page.ts';
import { tsvOf } from './tables.ts';
import { VIEW_TYPES } from './viewTypes.ts';

const TITLE = 'Classification';
const KEPT = 'classification.json';

type Handlers = IntentHandlers<ClassificationIntent>;

/** Texts of a document to be classified. */
export interface TextsToClassify {
  readonly uri: string;
  readonly documentName: string;
  readonly texts: ReadonlyArray<Span & { readonly text: string; readonly line: number; readonly given?: string }>;
}

interface Session {
  readonly source: TextsToClassify;
  readonly shown: ClassificationSnapshot;
}

export interface ClassificationPanelParts {
  readonly extension: vscode.ExtensionContext;
  readonly engine: Pick<EngineApi, 'classify'>;
  readonly models: Models;
  readonly classifiers: Classifiers;
}

const NOTHING: ClassificationSnapshot = {
  classifiers: [],
  model: '',
  device: null,
  documentName: '',
  labels: [],
  texts: [],
  selected: 0,
  progress: null,
  error: null,
};

/** The host's half of the Classification panel: classifies texts of a document, and leads back to them. */
export class ClassificationPanel extends Disposable implements vscode.WebviewPanelSerializer {
  readonly #parts: ClassificationPanelParts;
  readonly #handlers: Handlers;
  readonly #newest = new Newest();
  #panel: vscode.WebviewPanel | undefined;
  #source: TextsToClassify | undefined;
  #shown = NOTHING;
  #running: AbortController | undefined;

  constructor(parts: ClassificationPanelParts) {
    super();
    this.#parts = parts;
    this.#handlers = this.#intents();
    this._register(parts.models.onDidChange(() => this.#set({})));
    this._register({ dispose: () => this.#running?.abort() });
    this._register({ dispose: () => this.#panel?.dispose() });
  }

  /** What the page shows, as it would be sent now. */
  get snapshot(): ClassificationSnapshot {
    const classifiers = this.#parts.classifiers.entries.map(({ id, labels = [] }) => ({
      id,
      label: `${id} · ${labels.length} labels`,
    }));
    return { ...this.#shown, classifiers };
  }

  /** Opens the panel with these texts, classified by this model. */
  async show(source: TextsToClassify, model: string): Promise<void> {
    this.#source = source;
    if (this.#panel) this.#panel.reveal(undefined, true);
    else {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.#take(
        vscode.window.createWebviewPanel(VIEW_TYPES.classification, TITLE, column, { enableFindWidget: true }),
      );
    }
    await this.#classify(model);
  }

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const session = await kept<Session>(this.#storage, KEPT);
    if (session) [this.#source, this.#shown] = [session.source, { ...session.shown, progress: null }];
    this.#take(panel);
    await this.#parts.models.list();
  }

  get #storage(): vscode.Uri {
    return this.#parts.extension.storageUri ?? this.#parts.extension.globalStorageUri;
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    const { extensionUri } = this.#parts.extension;
    panel.webview.onDidReceiveMessage((intent: ClassificationIntent) => carryOut(this.#handlers, intent));
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#running?.abort();
    });
    fillPage(panel, extensionUri, 'classification', TITLE);
  }

  async #classify(model: string): Promise<void> {
    const source = this.#source;
    if (!source) return;
    const choice = await this.#parts.models.choice(model);
    if (!choice.ok) return this.#set({ model, error: choice.error, progress: null });
    const texts = source.texts.map(({ text }) => text);
    await this.#newest.run(async running => {
      this.#running = running;
      this.#set({ ...NOTHING, model, documentName: source.documentName, progress: BEGUN });
      const request = { ...choice.value, texts, evolution: true };
      const result = await this.#parts.engine.classify(request, {
        signal: running.signal,
        onProgress: progress => this.#set({ progress }),
      });
      if (this.#running !== running) return;
      if (!result.ok) {
        return this.#set({ progress: null, error: result.error.code === CANCELLED ? null : result.error });
      }
      const { labels, device } = result.value;
      const classified = result.value.texts.map((found, at) => {
        const { text = '', line = 0, given } = source.texts[at] ?? {};
        return { ...found, text, line, ...(given !== undefined && { given }) };
      });
      this.#set({ labels, device: placeOf(device), texts: classified, progress: null, error: null });
      await keep(this.#storage, KEPT, { source, shown: this.#shown } satisfies Session);
    });
  }

  #set(changes: Partial<ClassificationSnapshot>): void {
    this.#shown = { ...this.#shown, ...changes };
    this.#post({ type: 'snapshot', snapshot: this.snapshot });
  }

  #post(message: ClassificationMessage): void {
    void this.#panel?.webview.postMessage(message);
  }

  #intents() {
    return {
      ready: () => this.#set({}),
      select: ({ text }) => this.#set({ selected: text }),
      chooseModel: async ({ model }) => {
        await this.#parts.classifiers.choose(model);
        await this.#classify(model);
      },
      cancel: () => this.#running?.abort(),
      reveal: ({ text, token }) => this.#reveal(text, token),
      copy: () => this.#copy(),
      runCommand: ({ command }) => vscode.commands.executeCommand(command),
    } satisfies Handlers;
  }

  async #reveal(text: number, token: number | undefined): Promise<void> {
    const span = this.#source?.texts[text];
    if (!span || !this.#source) return;
    const { start, end } = (token !== undefined && this.#shown.texts[text]?.evolution?.[token]) || {
      start: 0,
      end: span.end - span.start,
    };
    await reveal(vscode.Uri.parse(this.#source.uri), { start: span.start + start, end: span.start + end });
  }

  async #copy(): Promise<void> {
    const { labels, texts } = this.#shown;
    const rows = texts.map(({ label, probabilities, text }) => [label, ...probabilities.map(String), text]);
    await vscode.env.clipboard.writeText(tsvOf([['label', ...labels, 'text'], ...rows]));
    vscode.window.setStatusBarMessage('$(check) Copied', 3000);
  }
}

const BEGUN = { message: 'Loading the model', done: 0, unit: 'texts' } as const;
