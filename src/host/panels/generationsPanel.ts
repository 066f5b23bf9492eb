import * as vscode from 'vscode';
import { textOf, tokensOf } from '../../protocol/branches.ts';
import type { EngineApi } from '../../protocol/engine.ts';
import type {
  GenerationColumn,
  GenerationsIntent,
  GenerationsMessage,
  GenerationsSnapshot,
  PromptSize,
} from '../../protocol/panels/generations.ts';
import { Disposable } from '../disposable.ts';
import type { LastEditor } from '../editor/lastEditor.ts';
import { duplicated, edited, moved, newColumn, removed } from '../generation/columns.ts';
import type { GenerationChange, Generations } from '../generation/generations.ts';
import { promptSize } from '../generation/promptSize.ts';
import {
  clearHistory,
  forgetSettings,
  history,
  keepSession,
  keptSession,
  nameSettings,
  namedSettings,
  remember,
} from '../generation/session.ts';
import type { Models } from '../models/models.ts';
import { showReason } from '../showReason.ts';
import { type ExportedColumn, generatedCsv, generatedJson, generatedTsv } from './generationExports.ts';
import { generationsSnapshot } from './generationsSnapshot.ts';
import { carryOut, type IntentHandlers } from './intents.ts';
import { fillPage } from './page.ts';
import { saveExport } from './saveExport.ts';
import { modelsOf } from './tokenProbabilitiesSnapshot.ts';
import { VIEW_TYPES } from './viewTypes.ts';
import { WrittenSoon } from './writtenSoon.ts';

const TITLE = 'Generations';

/** A moment without a change, after which the session is kept and the prompt counted. */
const SETTLE_MILLISECONDS = 300;

/** While texts stream in, which may be long: how often they are kept as far as they have come. */
const KEEP_MILLISECONDS = 2000;

type Handlers = IntentHandlers<GenerationsIntent>;

/** What the panel works with. */
export interface GenerationsPanelParts {
  readonly extension: vscode.ExtensionContext;
  readonly engine: EngineApi;
  readonly models: Models;
  readonly generations: Generations;
  readonly lastEditor: LastEditor;
}

/** The host's half of the Generations panel: sends what changed, carries out intents, keeps the session over reloads. */
export class GenerationsPanel extends Disposable implements vscode.WebviewPanelSerializer {
  readonly generations: Generations;
  readonly #parts: GenerationsPanelParts;
  readonly #handlers: Handlers;
  #panel: vscode.WebviewPanel | undefined;
  #promptSize: PromptSize | null = null;
  #settling: NodeJS.Timeout | undefined;
  readonly #written: WrittenSoon;
  #adopted: Promise<void> | undefined;

  constructor(parts: GenerationsPanelParts) {
    super();
    this.#parts = parts;
    this.generations = this._register(parts.generations);
    this.#handlers = { ...this.#columnIntents(), ...this.#textIntents() };
    const { generations, models, lastEditor } = parts;
    this._register(generations.onDidChange(change => this.#tell(change)));
    this._register(models.onDidChange(() => this.#modelsChanged()));
    this._register(lastEditor.onDidChange(() => this.#change({ canInsert: this.#canInsert })));
    this._register({ dispose: () => clearTimeout(this.#settling) });
    const write = () => void keepSession(this.#storage, parts.generations.session);
    this.#written = this._register(new WrittenSoon(write, KEEP_MILLISECONDS));
    this._register({ dispose: () => this.#panel?.dispose() });
  }

  /** What the page shows, as it would be sent now. */
  get snapshot(): GenerationsSnapshot {
    const { generations, models } = this.#parts;
    const now = { promptSize: this.#promptSize, canInsert: this.#canInsert };
    return generationsSnapshot(generations, models, this.#memory, now);
  }

  /** Opens the panel beside the editor, with another prompt where one is given. */
  async show(prompt?: string): Promise<void> {
    await this.#adoptKept();
    if (prompt !== undefined) this.#parts.generations.setPrompt(prompt);
    if (this.#panel) {
      if (prompt !== undefined) this.#change({ prompt });
      return this.#panel.reveal();
    }
    const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    this.#take(vscode.window.createWebviewPanel(VIEW_TYPES.generations, TITLE, column, { enableFindWidget: true }));
  }

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    await this.#adoptKept();
    this.#take(panel);
  }

  get #memory(): vscode.Memento {
    return this.#parts.extension.workspaceState;
  }

  get #storage(): vscode.Uri {
    return this.#parts.extension.storageUri ?? this.#parts.extension.globalStorageUri;
  }

  get #canInsert(): boolean {
    return this.#parts.lastEditor.editor !== undefined;
  }

  /** Once a window: what the one before kept. */
  #adoptKept(): Promise<void> {
    this.#adopted ??= keptSession(this.#storage).then(kept => {
      if (kept) this.#parts.generations.adopt(kept);
    });
    return this.#adopted;
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    const { extensionUri } = this.#parts.extension;
    panel.webview.onDidReceiveMessage((intent: GenerationsIntent) => carryOut(this.#handlers, intent));
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#parts.generations.stop();
    });
    fillPage(panel, extensionUri, 'generations', TITLE);
    this.#settle();
  }

  #post(message: GenerationsMessage): void {
    void this.#panel?.webview.postMessage(message);
  }

  #change(changes: Partial<Omit<GenerationsSnapshot, 'results'>>): void {
    this.#post({ type: 'changes', changes });
  }

  #tell(change: GenerationChange): void {
    const { generations } = this.#parts;
    switch (change.kind) {
      case 'session':
        if (change.columns) this.#change({ columns: generations.session.columns });
        return this.#settle();
      case 'stream':
        this.#post({ type: 'stream', column: change.column, stream: change.stream });
        return this.#written.soon();
      case 'result':
        this.#post({ type: 'result', column: change.column, result: generations.result(change.column) ?? null });
        return this.#settle();
    }
  }

  #modelsChanged(): void {
    this.#change({ ...modelsOf(this.#parts.models), activeModel: this.#parts.models.activeId });
    this.#settle();
  }

  #settle(): void {
    this.#written.soon(); // should the window close before
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      void this.#count();
      this.#written.now();
    }, SETTLE_MILLISECONDS);
  }

  async #count(): Promise<void> {
    if (!this.#panel) return;
    const { engine, models, generations } = this.#parts;
    const { prompt } = generations.session;
    const size = await promptSize(engine, models, prompt);
    if (prompt !== generations.session.prompt || JSON.stringify(size) === JSON.stringify(this.#promptSize)) return;
    this.#promptSize = size;
    this.#change({ promptSize: size });
  }

  #columnIntents() {
    const { generations } = this.#parts;
    const columns = (): readonly GenerationColumn[] => generations.session.columns;
    const setColumns = (changed: readonly GenerationColumn[]): void => generations.setColumns(changed);
    return {
      addColumn: ({ from }) => setColumns([...columns(), newColumn(from)]),
      editColumn: ({ column, changes }) => setColumns(edited(columns(), column, changes)),
      duplicateColumn: ({ column }) => setColumns(duplicated(columns(), column)),
      removeColumn: ({ column }) => setColumns(removed(columns(), column)),
      moveColumn: ({ column, to }) => setColumns(moved(columns(), column, to)),
      nameSettings: ({ column }) => this.#nameSettings(column),
      forgetSettings: async ({ name }) => {
        await forgetSettings(this.#memory, name);
        this.#change({ named: namedSettings(this.#memory) });
      },
      run: ({ column }) => this.#run(column),
      stop: ({ column }) => generations.stop(column),
      branch: ({ column, branch, at, id }) => generations.branch(column, branch, at, id),
      selectBranch: ({ column, branch }) => generations.select(column, branch),
      removeBranch: ({ column, branch }) => generations.removeBranch(column, branch),
    } satisfies Partial<Handlers>;
  }

  #textIntents() {
    return {
      ready: () => this.#post({ type: 'snapshot', snapshot: this.snapshot }),
      prompt: ({ text }) => this.#parts.generations.setPrompt(text),
      view: ({ view }) => this.#parts.generations.setView(view),
      recall: ({ request }) => this.#recall(request),
      clearHistory: async () => {
        await clearHistory(this.#memory);
        this.#change({ history: [] });
      },
      insert: async ({ column }) => {
        const inserted = await this.#parts.lastEditor.insert(this.#textOf(column));
        if (!inserted.ok) await showReason(inserted.error);
      },
      copyText: ({ column }) => this.#copy(this.#textOf(column), 'the text'),
      copyTsv: ({ column }) => {
        const [exported] = this.#exported(column);
        return exported && this.#copy(generatedTsv(exported), 'the tokens');
      },
      export: ({ format, column }) => {
        const exported = this.#exported(column);
        return saveExport('generations', format, format === 'csv' ? generatedCsv(exported) : generatedJson(exported));
      },
      runCommand: ({ command }) => vscode.commands.executeCommand(command),
    } satisfies Partial<Handlers>;
  }

  async #run(column: string | undefined): Promise<void> {
    const { generations } = this.#parts;
    const { prompt, columns } = generations.session;
    const running = generations.run(column);
    if (prompt !== '') await remember(this.#memory, { prompt, columns, at: new Date().toISOString() });
    this.#change({ history: history(this.#memory) });
    await running;
  }

  /** A request of before: its prompt and its columns. What those columns made since stays, and is marked as another prompt's. */
  #recall(index: number): void {
    const past = history(this.#memory)[index];
    if (!past) return;
    this.#parts.generations.setPrompt(past.prompt);
    this.#parts.generations.setColumns(past.columns);
    this.#change({ prompt: past.prompt });
    this.#post({ type: 'snapshot', snapshot: this.snapshot });
  }

  async #nameSettings(id: string): Promise<void> {
    const column = this.#parts.generations.column(id);
    if (!column) return;
    const { name, settings } = column;
    await nameSettings(this.#memory, { name, settings });
    this.#change({ named: namedSettings(this.#memory) });
    vscode.window.setStatusBarMessage(`$(check) Settings kept as “${name}”`, 3000);
  }

  #textOf(column: string): string {
    const result = this.#parts.generations.result(column);
    return result ? textOf(tokensOf(result.branches, result.selected)) : '';
  }

  #exported(id: string | undefined): ExportedColumn[] {
    const { columns, results } = this.#parts.generations.session;
    return columns
      .filter(column => id === undefined || column.id === id)
      .flatMap(column => {
        const result = results[column.id];
        return result ? [{ column, result }] : [];
      });
  }

  async #copy(text: string, what: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(`$(check) Copied ${what}`, 3000);
  }
}
