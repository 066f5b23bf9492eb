import * as vscode from 'vscode';
import type { EngineApi, OnProgress, Progress, Scored, ScoredText } from '../../protocol/engine.ts';
import type { PanelState } from '../../protocol/panels/tokenProbabilities.ts';
import { placeOf } from '../../protocol/precision.ts';
import { CANCELLED, ok, type Result } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import type { Models } from '../models/models.ts';
import { settings } from '../settings.ts';
import { ScoredDocument, type Span } from './scoredDocument.ts';

/** A document's scores, by one model or two. */
export interface Scoring {
  readonly document: ScoredDocument;
  readonly model: string;
  readonly device: string;
  readonly comparedModel: string | null;
  /** Where the second model ran. */
  readonly comparedDevice: string | null;
  /** By the second model, one a text. */
  readonly compared: readonly ScoredText[] | null;
}

export interface ScoreRequested {
  readonly document: vscode.TextDocument;
  readonly spans: readonly Span[];
  /** All of the document as one text. */
  readonly whole: boolean;
  /** Id of a model; absent: the active one. */
  readonly model?: string;
  readonly comparedModel?: string | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** What an alternative costs is kept in proportion: beyond so many tokens, so many are kept for each. */
const FEWER_ALTERNATIVES = [
  { beyondTokens: 50_000, top: 0 },
  { beyondTokens: 5000, top: 3 },
];
const CHARACTERS_PER_TOKEN = 4;

const comparedBy = (scored: Scored | null): Pick<Scoring, 'compared' | 'comparedDevice'> => ({
  compared: scored?.texts ?? null,
  comparedDevice: scored && placeOf(scored.device),
});

/** The scores of this window's documents. The last one asked for is current; the newest request wins. */
export class Scores extends Disposable {
  readonly #scored = this._register(new vscode.EventEmitter<void>());
  readonly #progressed = this._register(new vscode.EventEmitter<void>());
  readonly #moved = this._register(new vscode.EventEmitter<string>());
  /** There are other scores, or none. */
  readonly onDidScore = this.#scored.event;
  /** `state` is another one. */
  readonly onDidProgress = this.#progressed.event;
  /** The document of that URI was edited, and its scores with it. */
  readonly onDidMove = this.#moved.event;
  readonly #engine: EngineApi;
  readonly #models: Models;
  readonly #shown = new Map<string, ScoredDocument>();
  #asked: ScoredDocument | undefined;
  #current: Scoring | undefined;
  #state: PanelState = { kind: 'empty' };
  #running: AbortController | undefined;

  constructor(engine: EngineApi, models: Models) {
    super();
    this.#engine = engine;
    this.#models = models;
    this._register(vscode.workspace.onDidChangeTextDocument(event => this.#edited(event)));
    this._register(vscode.workspace.onDidOpenTextDocument(document => this.#opened(document)));
    this._register(vscode.workspace.onDidCloseTextDocument(document => this.#closed(document)));
    this._register({ dispose: () => this.cancel() });
  }

  get current(): Scoring | undefined {
    return this.#current;
  }

  get state(): PanelState {
    return this.#state;
  }

  /** The scores whose heat stands in a document. */
  shownIn(document: vscode.TextDocument): ScoredDocument | undefined {
    return this.#shown.get(document.uri.toString());
  }

  hide(document: vscode.TextDocument): void {
    this.#shown.delete(document.uri.toString());
    this.#moved.fire(document.uri.toString());
  }

  cancel(): void {
    this.#running?.abort();
  }

  async score(requested: ScoreRequested): Promise<Result<Scoring>> {
    const { document, spans, whole, model, comparedModel = null } = requested;
    const text = document.getText();
    const name = vscode.workspace.asRelativePath(document.uri, false);
    const asked = new ScoredDocument(document.uri.toString(), name, text, spans, whole);
    this.#asked = asked;
    const texts = spans.map(({ start, end }) => text.slice(start, end));
    return this.#exclusively(`Scoring ${name}`, requested, async (signal, onProgress) => {
      const scored = await this.#run(texts, model, signal, onProgress);
      if (!scored.ok) return scored;
      const compared = comparedModel === null ? ok(null) : await this.#run(texts, comparedModel, signal, onProgress);
      if (!compared.ok) return compared;
      asked.fill(scored.value.texts);
      if (model === undefined) this.#models.ranOn(scored.value.device);
      return ok({
        document: asked,
        model: model ?? this.#models.activeId,
        device: placeOf(scored.value.device),
        comparedModel,
        ...comparedBy(compared.value),
      });
    });
  }

  /** The texts that were asked for last, as they read now, by the model that scored them while it is on the list. */
  async again(models: { model?: string; comparedModel?: string | null } = {}): Promise<Result<Scoring> | undefined> {
    const asked = this.#asked;
    if (!asked) return undefined;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(asked.uri));
    const length = document.getText().length;
    const spans = asked.whole ? [{ start: 0, end: length }] : asked.spans.filter(({ start, end }) => start < end);
    const listed = (id?: string): boolean => this.#models.entries?.some(entry => entry.id === id) ?? true;
    const last = listed(this.#current?.model) ? this.#current : undefined;
    const { model, comparedModel } = { ...last, ...models };
    const chosen = { ...(model !== undefined && { model }), comparedModel: comparedModel ?? null };
    return this.score({ document, spans, whole: asked.whole, ...chosen });
  }

  /** The current texts by a second model beside the first; null: by the first alone. */
  async compare(comparedModel: string | null): Promise<Result<Scoring> | undefined> {
    const current = this.#current;
    if (!current || current.document.stale) return this.again({ comparedModel });
    const title = `Scoring ${current.document.name} by ${comparedModel}`;
    return this.#exclusively(title, {}, async (signal, onProgress) => {
      if (comparedModel === null) return ok({ ...current, comparedModel, ...comparedBy(null) });
      const texts = current.document.texts.map(({ text }) => text);
      const compared = await this.#run(texts, comparedModel, signal, onProgress);
      return compared.ok ? ok({ ...current, comparedModel, ...comparedBy(compared.value) }) : compared;
    });
  }

  /** Scores of an earlier window, as they were kept. */
  adopt(scoring: Scoring): void {
    this.#asked = scoring.document;
    this.#take(scoring);
  }

  async #run(
    texts: readonly string[],
    id: string | undefined,
    signal: AbortSignal,
    onProgress: OnProgress,
  ): Promise<Result<Scored>> {
    const choice = await this.#models.choice(id);
    if (!choice.ok) return choice;
    const { firstToken, top } = settings().score;
    const request = { ...choice.value, texts, firstToken, top: alternativesFor(texts, top) };
    return this.#engine.score(request, { signal, onProgress });
  }

  /** Runs one scoring, ending the one before it, and keeps `state`, with the title, as that goes. */
  async #exclusively(
    title: string,
    call: { readonly signal?: AbortSignal; readonly onProgress?: OnProgress },
    scoring: (signal: AbortSignal, onProgress: OnProgress) => Promise<Result<Scoring>>,
  ): Promise<Result<Scoring>> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const signal = call.signal ? AbortSignal.any([running.signal, call.signal]) : running.signal;
    const onProgress = (progress: Progress): void => {
      if (this.#running !== running) return;
      this.#setState({ kind: 'loading', progress: { ...progress, message: title } });
      call.onProgress?.(progress);
    };
    onProgress({ message: title, done: 0, unit: 'tokens' });
    const result = await scoring(signal, onProgress);
    if (this.#running !== running) return result;
    this.#running = undefined;
    if (result.ok) this.#take(result.value);
    else if (result.error.code === CANCELLED) this.#setState({ kind: this.#current ? 'ready' : 'empty' });
    else this.#setState({ kind: 'failed', error: result.error });
    return result;
  }

  #take(scoring: Scoring): void {
    this.#current = scoring;
    this.#state = { kind: 'ready' };
    this.#shown.set(scoring.document.uri, scoring.document);
    this.#scored.fire();
  }

  #setState(state: PanelState): void {
    this.#state = state;
    this.#progressed.fire();
  }

  #followed(uri: string): ScoredDocument[] {
    const all = new Set([this.#shown.get(uri), this.#current?.document, this.#asked]);
    return [...all].filter(scored => scored?.uri === uri) as ScoredDocument[];
  }

  #edited({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    const uri = document.uri.toString();
    const followed = this.#followed(uri);
    if (contentChanges.length === 0 || followed.length === 0) return;
    const lineOf = ({ start, end }: Span): Span => ({
      start: document.offsetAt(document.lineAt(document.positionAt(start).line).range.start),
      end: document.offsetAt(document.lineAt(document.positionAt(end).line).range.end),
    });
    for (const scored of followed)
      if (!(reason && scored.restore(document.getText()))) scored.follow(contentChanges, lineOf);
    this.#moved.fire(uri);
  }

  /** A document that comes back may have been changed by others. */
  #opened(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    const followed = this.#followed(uri);
    for (const scored of followed) if (!scored.restore(document.getText())) scored.lose();
    if (followed.length > 0) this.#moved.fire(uri);
  }

  /** The name of an untitled document may soon be another one's. */
  #closed({ uri, isUntitled }: vscode.TextDocument): void {
    if (isUntitled || uri.toString() !== this.#current?.document.uri) this.#shown.delete(uri.toString());
  }
}

/** How many alternatives to ask for at each position, at most `top`. */
export function alternativesFor(texts: readonly string[], top: number): number {
  const tokens = texts.reduce((sum, text) => sum + text.length, 0) / CHARACTERS_PER_TOKEN;
  return Math.min(top, FEWER_ALTERNATIVES.find(({ beyondTokens }) => tokens > beyondTokens)?.top ?? top);
}
