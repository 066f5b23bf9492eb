import path from 'node:path';
import * as vscode from 'vscode';
import { Dataset } from '../datasets/dataset.ts';
import { firstSession, keptSession } from '../datasets/session.ts';
import { Disposable } from '../disposable.ts';
import { DatasetPanel, type DatasetPanelParts } from './datasetPanel.ts';
import { VIEW_TYPES } from './viewTypes.ts';

/** What a page keeps of itself: which file it is about. */
interface SavedPage {
  readonly file: string;
}

/** The Dataset panels: one for each file that is looked at, each as it was when its file was looked at last. */
export class DatasetPanels extends Disposable implements vscode.WebviewPanelSerializer<SavedPage> {
  readonly #parts: DatasetPanelParts;
  readonly #open = new Map<string, DatasetPanel>();

  constructor(parts: DatasetPanelParts) {
    super();
    this.#parts = parts;
    this._register({ dispose: () => this.#open.forEach(panel => panel.dispose()) });
  }

  /** The panel of a file, where it is open. */
  of(file: string): DatasetPanel | undefined {
    return this.#open.get(file);
  }

  show(file: string): DatasetPanel {
    const open = this.#open.get(file);
    if (open) {
      open.reveal();
      return open;
    }
    const [other] = this.#open.values();
    const beside = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    const column = other?.column ?? beside;
    const options = { enableFindWidget: true };
    const title = `Dataset: ${path.basename(file)}`;
    return this.#take(vscode.window.createWebviewPanel(VIEW_TYPES.dataset, title, column, options), file);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, saved: SavedPage | undefined): Promise<void> {
    if (saved?.file && !this.#open.has(saved.file)) this.#take(panel, saved.file);
    else panel.dispose(); // it was closed before its page had begun
  }

  #take(panel: vscode.WebviewPanel, file: string): DatasetPanel {
    const { extension, engine, models } = this.#parts;
    const session = keptSession(extension.workspaceState, file) ?? firstSession(file, models.activeId);
    const taken = new DatasetPanel(this.#parts, panel, new Dataset(engine, session));
    this.#open.set(file, taken);
    panel.onDidDispose(() => {
      this.#open.delete(file);
      taken.dispose();
    });
    return taken;
  }
}
