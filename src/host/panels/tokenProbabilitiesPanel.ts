import * as vscode from 'vscode';
import type {
  TokenPlace,
  TokenProbabilitiesIntent,
  TokenProbabilitiesMessage,
  TokenProbabilitiesSnapshot,
} from '../../protocol/panels/tokenProbabilities.ts';
import { Disposable } from '../disposable.ts';
import { DOCUMENT_CHANGED, replace, reveal } from '../editor/places.ts';
import type { Models } from '../models/models.ts';
import { keepScores, keptScores } from '../scoring/keptScores.ts';
import type { Scores } from '../scoring/scores.ts';
import { showReason } from '../showReason.ts';
import { toCsv, toJson, toTsv } from './exports.ts';
import { carryOut, type IntentHandlers } from './intents.ts';
import { fillPage } from './page.ts';
import { saveExport } from './saveExport.ts';
import { modelsOf, placesOf, snapshotOf, textsOf } from './tokenProbabilitiesSnapshot.ts';
import { VIEW_TYPES } from './viewTypes.ts';

const TITLE = 'Token Probabilities';

/** A moment without typing, after which places in the document are told to the page again. */
const SETTLE_MILLISECONDS = 300;

type Handlers = IntentHandlers<TokenProbabilitiesIntent>;

/**
 * The host's half of the Token Probabilities panel: sends snapshots, carries out intents, and links page and editor.
 * Over a reload of the window the scores are kept as a file (keptScores.ts), so no model runs to show them again.
 */
export class TokenProbabilitiesPanel extends Disposable implements vscode.WebviewPanelSerializer {
  readonly #extension: vscode.ExtensionContext;
  readonly #scores: Scores;
  readonly #models: Models;
  readonly #handlers: Handlers;
  #panel: vscode.WebviewPanel | undefined;
  #selected = 0;
  #focus: string | undefined;
  /** Where the page has the texts. */
  #places = '';
  #settling: NodeJS.Timeout | undefined;

  constructor(extension: vscode.ExtensionContext, scores: Scores, models: Models) {
    super();
    this.#extension = extension;
    this.#scores = scores;
    this.#models = models;
    this.#handlers = this.#intents();
    this._register(scores.onDidScore(() => this.#scored()));
    this._register(scores.onDidProgress(() => this.#change({ state: scores.state })));
    this._register(scores.onDidMove(uri => this.#moved(uri)));
    this._register(models.onDidChange(() => this.#change(modelsOf(models))));
    this._register(vscode.window.onDidChangeTextEditorSelection(event => this.#followCursor(event)));
    this._register({ dispose: () => clearTimeout(this.#settling) });
    this._register({ dispose: () => this.#panel?.dispose() });
  }

  /** What the page shows, as it would be sent now. */
  get snapshot(): TokenProbabilitiesSnapshot {
    return snapshotOf(this.#scores, this.#models, this.#selected);
  }

  get visible(): boolean {
    return this.#panel?.visible ?? false;
  }

  /** Opens the panel beside the editor, which keeps the focus; where the two share a column, it moves out of it. */
  show(): void {
    const covers = this.#panel?.viewColumn === vscode.window.activeTextEditor?.viewColumn;
    if (this.#panel) return this.#panel.reveal(covers ? vscode.ViewColumn.Beside : undefined, true);
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.#take(
      vscode.window.createWebviewPanel(VIEW_TYPES.tokenProbabilities, TITLE, column, { enableFindWidget: true }),
    );
  }

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const kept = this.#scores.current ? undefined : await keptScores(this.#storage);
    if (kept) this.#scores.adopt(kept);
    this.#take(panel);
  }

  get #storage(): vscode.Uri {
    return this.#extension.storageUri ?? this.#extension.globalStorageUri;
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.webview.onDidReceiveMessage((intent: TokenProbabilitiesIntent) => carryOut(this.#handlers, intent));
    panel.onDidDispose(() => {
      this.#panel = undefined;
    });
    fillPage(panel, this.#extension.extensionUri, 'tokenProbabilities', TITLE);
  }

  #post(message: TokenProbabilitiesMessage): void {
    void this.#panel?.webview.postMessage(message);
  }

  #change(changes: Partial<TokenProbabilitiesSnapshot>): void {
    this.#post({ type: 'changes', changes });
  }

  #scored(): void {
    this.#selected = 0;
    const { snapshot } = this;
    this.#post({ type: 'snapshot', snapshot });
    const { current } = this.#scores;
    this.#places = current ? JSON.stringify(placesOf(current)) : '';
    if (current) void keepScores(this.#storage, current);
  }

  /** Staleness is told at once; places when the typing rests. */
  #moved(uri: string): void {
    const { current } = this.#scores;
    if (!current || current.document.uri !== uri) return;
    this.#change({ stale: current.document.stale });
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      const places = placesOf(current);
      const written = JSON.stringify(places);
      if (written !== this.#places) this.#post({ type: 'places', places });
      this.#places = written;
      void keepScores(this.#storage, current);
    }, SETTLE_MILLISECONDS);
  }

  /** What moves the cursor without a kind is the editor itself, as when it opens again after a reload. */
  #followCursor({ textEditor, selections, kind }: vscode.TextEditorSelectionChangeEvent): void {
    const { current } = this.#scores;
    const cursor = selections[0];
    if (!kind || !cursor || current?.document.uri !== textEditor.document.uri.toString()) return;
    const at = current.document.tokenAt(textEditor.document.offsetAt(cursor.active));
    const token: TokenPlace | null = at ? { text: at.text, token: at.token } : null;
    if (JSON.stringify(token) === this.#focus) return;
    this.#focus = JSON.stringify(token);
    this.#post({ type: 'focus', token });
  }

  #intents(): Handlers {
    const scores = this.#scores;
    return {
      ready: () => this.#post({ type: 'snapshot', snapshot: this.snapshot }),
      selectText: ({ text }) => {
        this.#selected = text;
        this.#change({ selected: text });
      },
      reveal: ({ place }) => this.#reveal(place),
      replace: ({ place, with: text }) => this.#replace(place, text),
      chooseModel: ({ model }) => scores.again({ model }),
      compareWith: ({ model }) => scores.compare(model),
      scoreAgain: () => scores.again(),
      cancel: () => scores.cancel(),
      copyTsv: () => this.#copy(),
      export: ({ format }) => this.#export(format),
      runCommand: ({ command }) => vscode.commands.executeCommand(command),
    };
  }

  async #reveal(place: TokenPlace): Promise<void> {
    const document = this.#scores.current?.document;
    if (!document) return;
    this.#focus = JSON.stringify({ text: place.text, token: place.token });
    const span = document.placed(place) ?? document.spans[place.text];
    if (span) await reveal(vscode.Uri.parse(document.uri), span);
  }

  async #replace(place: TokenPlace, text: string): Promise<void> {
    const scored = this.#scores.current?.document;
    const span = scored?.placed(place);
    if (!scored || !span) return showReason(DOCUMENT_CHANGED);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(scored.uri));
    const replaced = await replace(document, span, text);
    if (!replaced.ok) await showReason(replaced.error);
  }

  async #copy(): Promise<void> {
    const text = this.#scores.current?.document.texts[this.#selected];
    if (!text) return;
    await vscode.env.clipboard.writeText(toTsv(text));
    vscode.window.setStatusBarMessage(`$(check) Copied ${text.tokens.length} tokens`, 3000);
  }

  async #export(format: 'csv' | 'json'): Promise<void> {
    const { current } = this.#scores;
    if (!current) return;
    const name = `${current.document.name.replace(/^.*[\\/]/, '')}.tokens`;
    const content = format === 'csv' ? toCsv(textsOf(current)) : toJson(textsOf(current));
    await saveExport(name, format, content);
  }
}
