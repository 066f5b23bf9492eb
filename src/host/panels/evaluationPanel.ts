import { join } from 'node:path';
import * as vscode from 'vscode';
import { type ComparedRow, EVALUATION_FILES, type VoteLine } from '../../protocol/evaluation/folder.ts';
import { isCompared } from '../../protocol/evaluation/rows.ts';
import {
  ALL_ROWS,
  type EvaluationIntent,
  type EvaluationMessage,
  type EvaluationSnapshot,
  type RowQuery,
  type SavedEvaluation,
} from '../../protocol/panels/evaluation.ts';
import { reasonOf } from '../../protocol/result.ts';
import { isWorking } from '../../protocol/run/liveness.ts';
import { Disposable } from '../disposable.ts';
import { EvaluationRows } from '../evaluations/evaluationRows.ts';
import { datasetFileOf, type Evaluation, type Evaluations } from '../evaluations/evaluations.ts';
import { rowsCsv } from '../evaluations/rowsCsv.ts';
import { addVote, preferencesOf, readVotes } from '../evaluations/votes.ts';
import { showReason } from '../showReason.ts';
import { carryOut, type IntentHandlers } from './intents.ts';
import { fillPage } from './page.ts';
import { revealLine } from './revealLine.ts';
import { saveExport } from './saveExport.ts';
import { VIEW_TYPES } from './viewTypes.ts';

const TITLE = 'Evaluation';

/** How often the rows are read while they come. */
const FOLLOW_MILLISECONDS = 700;
/** After a vote. */
const RECOUNT_MILLISECONDS = 800;

type Handlers = IntentHandlers<EvaluationIntent>;

/** The host's half of the Evaluation panel: follows the evaluation that is shown, and finds the rows that are asked for. */
export class EvaluationPanel extends Disposable implements vscode.WebviewPanelSerializer<SavedEvaluation> {
  readonly #extension: vscode.ExtensionContext;
  readonly #evaluations: Evaluations;
  readonly #handlers: Handlers;
  #panel: vscode.WebviewPanel | undefined;
  #folder: string | null = null;
  #compared: string | null = null;
  #rows: EvaluationRows | undefined;
  #query: RowQuery = ALL_ROWS;
  #version = 0;
  #votes: readonly VoteLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** By the evaluation's folder. */
  readonly #recounting = new Map<string, NodeJS.Timeout>();
  #following: Promise<void> = Promise.resolve();

  constructor(extension: vscode.ExtensionContext, evaluations: Evaluations) {
    super();
    this.#extension = extension;
    this.#evaluations = evaluations;
    this.#handlers = { ...this.#showing(), ...this.#doing() };
    this._register(evaluations.list.onDidChange(() => this.#listChanged()));
    this._register({
      dispose: () => [this.#timer, ...this.#recounting.values()].forEach(timer => clearTimeout(timer)),
    });
    this._register({ dispose: () => this.#panel?.dispose() });
  }

  /** What the page shows, as it would be sent now. */
  get snapshot(): EvaluationSnapshot {
    const rows = this.#rows;
    return {
      ...this.#listed(),
      query: this.#query,
      rows: this.#rowsState,
      soFar: rows?.soFar ?? { confusion: null, judged: [] },
      points: rows?.points ?? null,
      votes: this.#votes,
    };
  }

  /** Opens the panel on an evaluation; without one, on that of before or the latest. */
  show(folder?: string): void {
    const chosen = folder ?? this.#folder ?? this.#evaluations.list.items[0]?.folder;
    if (chosen !== undefined && chosen !== this.#folder) void this.#set(chosen);
    if (this.#panel) return this.#panel.reveal();
    const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    this.#take(vscode.window.createWebviewPanel(VIEW_TYPES.evaluation, TITLE, column, { enableFindWidget: true }));
  }

  /** Lays another evaluation beside the one that is shown; null: none. */
  compareWith(folder: string | null): void {
    this.#compared = folder === this.#folder ? null : folder;
    this.#post({ type: 'changes', changes: this.#listed() });
  }

  /** An evaluation that may be shown has another folder now. */
  renamed(from: string, to: string): void {
    if (this.#compared === from) this.#compared = to;
    if (this.#folder === from) void this.#set(to);
  }

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, saved: SavedEvaluation | undefined): Promise<void> {
    await this.#evaluations.list.refresh();
    this.#compared = saved?.compared ?? null;
    if (saved?.folder) await this.#set(saved.folder, saved.query);
    this.#take(panel);
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.webview.onDidReceiveMessage((intent: EvaluationIntent) => carryOut(this.#handlers, intent));
    panel.onDidChangeViewState(() => void this.#follow());
    panel.onDidDispose(() => {
      this.#panel = undefined;
      clearTimeout(this.#timer);
    });
    fillPage(panel, this.#extension.extensionUri, 'evaluation', TITLE);
  }

  async #set(folder: string, query: RowQuery = ALL_ROWS): Promise<void> {
    this.#folder = folder;
    this.#query = query;
    if (this.#compared === folder) this.#compared = null;
    this.#rows = new EvaluationRows(folder, this.#shown?.request?.task ?? 'prompt');
    this.#votes = [];
    this.#version++;
    this.#post({ type: 'snapshot', snapshot: this.snapshot });
    const votes = await readVotes(folder);
    if (this.#folder !== folder) return; // another one was chosen meanwhile
    this.#votes = votes;
    await this.#follow();
    this.#post({ type: 'snapshot', snapshot: this.snapshot });
  }

  get #shown(): Evaluation | null {
    return this.#evaluations.list.get(this.#folder ?? '') ?? null;
  }

  #listed(): Pick<EvaluationSnapshot, 'evaluation' | 'compared' | 'others'> {
    const { list } = this.#evaluations;
    const evaluation = this.#shown;
    const others = list.items.filter(({ folder }) => folder !== evaluation?.folder);
    return {
      evaluation,
      compared: list.get(this.#compared ?? '') ?? null,
      others: others.map(({ folder, title, name, state, request }) => ({
        folder,
        title,
        name,
        state,
        task: request?.task ?? null,
      })),
    };
  }

  get #rowsState(): EvaluationSnapshot['rows'] {
    const { length = 0, leftOut = 0, facets = {} } = this.#rows ?? {};
    return { version: this.#version, all: length, leftOut, facets };
  }

  #post(message: EvaluationMessage): void {
    void this.#panel?.webview.postMessage(message);
  }

  #listChanged(): void {
    if (!this.#panel) return;
    this.#post({ type: 'changes', changes: this.#listed() });
    void this.#follow();
  }

  /** Reads what came and tells it; again and again while the evaluation goes on and the page is in sight. */
  #follow(): Promise<void> {
    clearTimeout(this.#timer);
    this.#following = this.#following.then(() => this.#readOnce());
    return this.#following;
  }

  async #readOnce(): Promise<void> {
    const rows = this.#rows;
    if (await rows?.read().catch(error => void showReason(reasonOf(error)))) {
      this.#version++;
      const { soFar, points, rows: state } = this.snapshot;
      this.#post({ type: 'changes', changes: { rows: state, soFar, points } });
    }
    clearTimeout(this.#timer);
    const working = isWorking(this.#shown?.state ?? 'ready');
    if (this.#panel?.visible && working) this.#timer = setTimeout(() => void this.#follow(), FOLLOW_MILLISECONDS);
  }

  #showing() {
    return {
      ready: async () => {
        await this.#follow();
        this.#post({ type: 'snapshot', snapshot: this.snapshot });
      },
      show: ({ folder }) => this.#set(folder),
      compareWith: ({ folder }) => this.compareWith(folder),
      query: ({ query }) => {
        this.#query = query;
        this.#version++;
        this.#post({ type: 'changes', changes: { rows: this.#rowsState } });
      },
      rows: ({ version, from, count }) => this.#sendRows(version, from, count),
      row: async ({ line }) => {
        const [row] = (await this.#rows?.rowsAt([line])) ?? [];
        if (row) this.#post({ type: 'row', row });
      },
    } satisfies Partial<Handlers>;
  }

  #doing() {
    return {
      reveal: ({ line, open }) => {
        const file = this.#shown && datasetFileOf(this.#shown);
        return file && revealLine(vscode.Uri.file(file), line, open, this.#panel?.viewColumn);
      },
      openDataset: () => {
        const file = this.#shown && datasetFileOf(this.#shown);
        return file && vscode.commands.executeCommand('lmLab.openDataset', file);
      },
      vote: async ({ row, between, better }) => {
        const rows = this.#rows;
        if (!rows) return;
        await addVote(rows.folder, { row, between, better });
        this.#recountSoon(rows.folder);
        const votes = await readVotes(rows.folder);
        if (rows !== this.#rows) return; // another evaluation was chosen meanwhile
        this.#votes = votes;
        this.#post({ type: 'changes', changes: { votes } });
      },
      export: ({ what }) => this.#export(what),
      evaluationCommand: ({ command }) => {
        const evaluation = this.#shown;
        return evaluation && vscode.commands.executeCommand(command, { evaluation });
      },
      evaluate: () => vscode.commands.executeCommand('lmLab.evaluate'),
      evaluateResponses: () =>
        this.#folder &&
        vscode.commands.executeCommand('lmLab.evaluate', join(this.#folder, EVALUATION_FILES.responses)),
    } satisfies Partial<Handlers>;
  }

  /** One vote follows the other: they are counted together. */
  #recountSoon(folder: string): void {
    clearTimeout(this.#recounting.get(folder));
    this.#recounting.delete(folder);
    if (this.#evaluations.list.get(folder)?.state !== 'finished') return;
    const recount = (): void => {
      this.#recounting.delete(folder);
      void this.#evaluations.recount(folder);
    };
    this.#recounting.set(folder, setTimeout(recount, RECOUNT_MILLISECONDS));
  }

  get #voted(): ReadonlySet<number> {
    return new Set(this.#votes.map(({ row }) => row));
  }

  async #sendRows(version: number, from: number, count: number): Promise<void> {
    if (!this.#rows || version !== this.#version) return; // another query came meanwhile
    try {
      const page = await this.#rows.page(this.#query, this.#voted, from, count);
      this.#post({ type: 'rows', version, from, page });
    } catch (error) {
      this.#post({ type: 'rowsFailed', version, error: reasonOf(error) });
    }
  }

  async #export(what: 'csv' | 'json' | 'preferences'): Promise<void> {
    const [rows, evaluation] = [this.#rows, this.#shown];
    if (!rows || !evaluation) return;
    const query = what === 'csv' ? this.#query : ALL_ROWS;
    const listed = await rows.rowsAt(await rows.find(query, this.#voted));
    const found = listed.map(({ found }) => found);
    const { title, request, result } = evaluation;
    if (what === 'csv') return saveExport(title, 'csv', rowsCsv(found, request?.task ?? ''));
    const value =
      what === 'json'
        ? { request, result, rows: found }
        : preferencesOf(found.filter(isCompared) as ComparedRow[], this.#votes);
    const name = what === 'json' ? title : `${title}.preferences`;
    await saveExport(name, 'json', `${JSON.stringify(value, null, 2)}\n`);
  }
}
