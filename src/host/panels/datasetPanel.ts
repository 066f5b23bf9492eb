import path from 'node:path';
import * as vscode from 'vscode';
import {
  type DatasetIntent,
  type DatasetMessage,
  type DatasetSnapshot,
  ownFileOfPart,
} from '../../protocol/panels/dataset.ts';
import { CANCELLED, reasonOf } from '../../protocol/result.ts';
import type { Dataset, DatasetEngine } from '../datasets/dataset.ts';
import { exportSplits } from '../datasets/exportSplits.ts';
import { DATASET_FILTERS } from '../datasets/files.ts';
import { keepSession } from '../datasets/session.ts';
import { Disposable } from '../disposable.ts';
import { Newest } from '../editor/newest.ts';
import type { Models } from '../models/models.ts';
import { datasetSnapshot, hasLines } from './datasetSnapshot.ts';
import { carryOut, type IntentHandlers } from './intents.ts';
import { fillPage } from './page.ts';
import { besidePanel, revealLine } from './revealLine.ts';
import { modelsOf } from './tokenProbabilitiesSnapshot.ts';
import { WrittenSoon } from './writtenSoon.ts';

/** A moment without a change, after which the session is kept; or after which a file that is written is read. */
const SETTLE_MILLISECONDS = 300;

type Handlers = IntentHandlers<DatasetIntent>;

export interface DatasetPanelParts {
  readonly extension: vscode.ExtensionContext;
  readonly engine: DatasetEngine;
  readonly models: Models;
}

/** The host's half of the panel of one dataset file: tells the page what is new, and links its rows with the editor. */
export class DatasetPanel extends Disposable {
  readonly dataset: Dataset;
  readonly #parts: DatasetPanelParts;
  readonly #panel: vscode.WebviewPanel;
  readonly #handlers: Handlers;
  readonly #cursor = new Newest();
  readonly #uri: vscode.Uri;
  readonly #written: WrittenSoon;
  #reading: NodeJS.Timeout | undefined;

  constructor(parts: DatasetPanelParts, panel: vscode.WebviewPanel, dataset: Dataset) {
    super();
    this.#parts = parts;
    this.#panel = panel;
    this.dataset = this._register(dataset);
    this.#uri = vscode.Uri.file(dataset.file);
    this.#handlers = { ...this.#showing(), ...this.#doing() };
    dataset.events.on('change', changes => {
      this.#post({ type: 'changes', changes });
      if ('opened' in changes) this.#post({ type: 'changes', changes: { hasLines: this.snapshot.hasLines } });
      this.#written.soon();
    });
    this._register(
      parts.models.onDidChange(() =>
        this.#post({ type: 'changes', changes: { models: modelsOf(parts.models).models } }),
      ),
    );
    this._register(vscode.window.onDidChangeTextEditorSelection(event => void this.#followCursor(event)));
    this.#watchFile();
    const write = () => void keepSession(parts.extension.workspaceState, dataset.session);
    this.#written = this._register(new WrittenSoon(write, SETTLE_MILLISECONDS));
    this.#fill();
  }

  /** What the page shows, as it would be sent now. */
  get snapshot(): DatasetSnapshot {
    return datasetSnapshot(this.dataset, this.#parts.models);
  }

  /** Where it stands, while it is in sight or behind another tab. */
  get column(): vscode.ViewColumn | undefined {
    return this.#panel.viewColumn;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  #fill(): void {
    const { extensionUri } = this.#parts.extension;
    this._register(
      this.#panel.webview.onDidReceiveMessage((intent: DatasetIntent) => carryOut(this.#handlers, intent)),
    );
    fillPage(this.#panel, extensionUri, 'dataset', this.#panel.title);
    void this.#parts.models.list();
    void this.dataset.read();
  }

  #watchFile(): void {
    const pattern = new vscode.RelativePattern(
      vscode.Uri.file(path.dirname(this.dataset.file)),
      path.basename(this.dataset.file),
    );
    const watcher = this._register(vscode.workspace.createFileSystemWatcher(pattern));
    const readSoon = (): void => {
      clearTimeout(this.#reading);
      this.#reading = setTimeout(() => void this.dataset.read(), SETTLE_MILLISECONDS);
    };
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete])
      this._register(event(readSoon));
    this._register({ dispose: () => clearTimeout(this.#reading) });
  }

  #post(message: DatasetMessage): void {
    void this.#panel.webview.postMessage(message);
  }

  #showing() {
    const { dataset } = this;
    return {
      ready: () => this.#post({ type: 'snapshot', snapshot: this.snapshot }),
      edit: ({ request }) => dataset.edit(request),
      view: ({ view }) => dataset.setView(view),
      rows: ({ version, from, count }) => this.#sendRows(version, from, count),
      show: ({ shown }) => dataset.show(shown),
      chooseRow: ({ row }) => dataset.chooseRow(row),
      chooseBatch: ({ batch }) => dataset.chooseBatch(batch),
      readAgain: () => dataset.read(),
      cancel: () => dataset.cancel(),
    } satisfies Partial<Handlers>;
  }

  #doing() {
    return {
      reveal: ({ line, open }) => this.#reveal(line, open),
      openFile: () =>
        vscode.commands.executeCommand('vscode.open', this.#uri, besidePanel(this.#uri, this.#panel.viewColumn)),
      chooseFile: ({ part }) => this.#chooseFile(part),
      export: ({ format }) => exportSplits(this.#parts.engine, this.dataset.request, format),
      fineTune: () => vscode.commands.executeCommand('lmLab.fineTune', this.dataset.request),
      evaluate: () => vscode.commands.executeCommand('lmLab.evaluate', this.dataset.request),
      annotate: () => vscode.commands.executeCommand('lmLab.annotate', this.dataset.session.request),
      runCommand: ({ command }) => vscode.commands.executeCommand(command),
    } satisfies Partial<Handlers>;
  }

  async #sendRows(version: number, from: number, count: number): Promise<void> {
    const page = await this.dataset.rows(from, count);
    if (page.ok) this.#post({ type: 'rows', version, from, page: page.value });
    else if (page.error.code !== CANCELLED) this.#post({ type: 'rowsFailed', version, error: page.error });
  }

  async #reveal(line: number, open: boolean): Promise<void> {
    const own = ownFileOfPart(this.dataset.session);
    const uri = own === null ? this.#uri : vscode.Uri.file(own);
    await revealLine(uri, line, open, this.#panel.viewColumn);
  }

  /** What moves the cursor without a kind is the editor itself, or the panel. A text that is not saved has other lines. */
  async #followCursor({ textEditor, selections, kind }: vscode.TextEditorSelectionChangeEvent): Promise<void> {
    const { document } = textEditor;
    const cursor = selections[0];
    if (!kind || kind === vscode.TextEditorSelectionChangeKind.Command || !cursor) return;
    if (document.uri.fsPath !== this.#uri.fsPath || document.isDirty || !this.#panel.visible) return;
    if (!hasLines(this.dataset)) return;
    await this.#cursor.run(async ({ signal }) => {
      try {
        const row = await this.dataset.goToLine(cursor.active.line + 1, signal);
        if (row !== null) this.#post({ type: 'goTo', row });
      } catch (error) {
        const reason = reasonOf(error);
        // What is wrong with the rows is told where they stand.
        if (reason.code !== CANCELLED)
          this.#post({ type: 'rowsFailed', version: this.dataset.state.rowsVersion, error: reason });
      }
    });
  }

  async #chooseFile(part: 'validation' | 'test'): Promise<void> {
    const { request } = this.dataset.session;
    const [file] =
      (await vscode.window.showOpenDialog({
        title: `File of the ${part} part`,
        filters: DATASET_FILTERS,
        defaultUri: vscode.Uri.file(path.dirname(this.dataset.file)),
      })) ?? [];
    if (!file) return;
    const { split } = request.dataset;
    const files = { ...(split && 'files' in split && split.files), [part]: file.fsPath };
    await this.dataset.edit({ ...request, dataset: { ...request.dataset, split: { files } } });
  }
}
