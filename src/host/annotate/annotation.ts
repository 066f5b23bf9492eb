import { EventEmitter } from 'node:events';
import {
  type Item,
  itemOf,
  type Judgement,
  judgementOf,
  type Verdict,
  verdictProblem,
} from '../../protocol/annotations/judgement.ts';
import { type AnnotationSettings, annotationProblems } from '../../protocol/annotations/settings.ts';
import { summaryOf } from '../../protocol/annotations/summary.ts';
import type { DatasetApi } from '../../protocol/dataset.ts';
import type { Progress } from '../../protocol/engine.ts';
import type { AnnotateStage, AnnotateState } from '../../protocol/panels/annotate.ts';
import { reasonOf } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import { drawnOrder } from './drawn.ts';
import { PreferenceFile } from './preferenceFile.ts';
import type { ResponsesEngine } from './responses.ts';
import { RowWalk } from './rowWalk.ts';
import type { AnnotationSession } from './session.ts';
import { type Prepared, Upcoming } from './upcoming.ts';

/** How often progress is told at most. */
const TELL_MILLISECONDS = 100;

export interface AnnotationParts extends ResponsesEngine {
  readonly engine: ResponsesEngine['engine'] & Pick<DatasetApi, 'datasetPrompts'>;
  readonly keep: (session: AnnotationSession) => unknown;
}

/**
 * Judging the responses of models to the prompts of a dataset. What was judged stands in the output file, what was set
 * and passed over in the session: where one left off follows from the two.
 */
export class Annotation extends Disposable {
  readonly events = new EventEmitter<{ change: [Partial<AnnotateState>] }>();
  readonly #parts: AnnotationParts;
  #session: AnnotationSession;
  #file: PreferenceFile | undefined;
  #upcoming: Upcoming | undefined;
  #running: AbortController | undefined;
  #total: number | null = null;
  #stage: AnnotateStage = { kind: 'settings' };
  #shown: Prepared | undefined;
  #shownId = 0;
  /** What was done since the start, the last thing last. */
  #past: Array<'judged' | { readonly skipped: Prepared }> = [];
  #busy = false;
  #told = 0;
  #revealed = false;

  constructor(parts: AnnotationParts, session: AnnotationSession) {
    super();
    this.#parts = parts;
    this.#session = session;
    this._register({ dispose: () => this.#running?.abort() });
    this._register({ dispose: () => this.events.removeAllListeners() });
  }

  get session(): AnnotationSession {
    return this.#session;
  }

  /** What the output file holds. */
  get judgements(): readonly Judgement[] {
    return this.#file?.judgements ?? [];
  }

  get state(): AnnotateState {
    const { dataset, settings, skipped } = this.#session;
    const { judgements } = this;
    const again = judgements.filter(judgement => judgement.again).length;
    const isResting = this.#stage.kind === 'settings' || this.#stage.kind === 'done';
    return {
      file: dataset.dataset.file,
      settings,
      problems: annotationProblems(settings),
      stage: this.#stage,
      judged: judgements.length - again,
      judgedAgain: again,
      skipped: skipped.length,
      total: this.#total,
      ahead: this.#upcoming?.length ?? 0,
      canUndo: this.#past.length > 0 || judgements.at(-1)?.at !== undefined,
      summary: isResting ? summaryOf(judgements) : null,
      revealed: this.#revealed,
      unkept: null,
    };
  }

  /** Reads what was judged before. */
  async read(): Promise<void> {
    try {
      this.#file = await PreferenceFile.open(this.#session.output);
      this.#to({ kind: 'settings' });
    } catch (error) {
      this.#file = undefined;
      this.#to({ kind: 'failed', prompt: null, error: reasonOf(error) });
    }
  }

  set(changes: Partial<AnnotationSettings>): void {
    this.#keep({ settings: { ...this.#session.settings, ...changes } });
    this.#tell(this.state);
  }

  async setOutput(output: string): Promise<void> {
    this.pause();
    this.#keep({ output, skipped: [], skippedAgain: 0 });
    await this.read();
  }

  /** Begins, or goes on where it was left. */
  async start(): Promise<void> {
    const { dataset, settings, output } = this.#session;
    if (annotationProblems(settings).length > 0) return;
    this.pause();
    const running = new AbortController();
    this.#running = running;
    this.#to({ kind: 'preparing', progress: { message: 'Reading the dataset', done: 0, unit: 'rows' } });
    try {
      const file = await PreferenceFile.open(output);
      if (running.signal.aborted) return; // another file may have been chosen meanwhile
      this.#file = file;
      const asked = { ...dataset, model: settings.models[0] as string };
      const walk = await RowWalk.begin(this.#parts.engine, asked, settings, running.signal);
      if (running.signal.aborted) return;
      this.#total = walk.total;
      const judged = file.judgements.map(({ prompt }) => prompt);
      const passed = new Set([...judged, ...this.#session.skipped]);
      this.#upcoming = new Upcoming({
        lab: this.#parts,
        walk,
        settings,
        isWanted: prompt => !passed.has(prompt),
        signal: running.signal,
        onProgress: progress => this.#progress(progress),
        onChange: () => this.#advance(),
      });
      this.#advance();
    } catch (error) {
      if (!running.signal.aborted) this.#to({ kind: 'failed', prompt: null, error: reasonOf(error) });
    }
  }

  /** Leaves off: what is being made ends. */
  pause(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#upcoming = undefined;
    this.#shown = undefined;
    this.#past = [];
    this.#to({ kind: 'settings' });
  }

  /** Keeps a judgement of the item that is shown, and shows the next one once it is on the disk. */
  async judge(id: number, verdict: Verdict): Promise<void> {
    const { settings } = this.#session;
    if (this.#stage.kind !== 'judging' || id !== this.#shownId || !this.#shown || !('item' in this.#shown)) return;
    const { item } = this.#shown;
    if (verdictProblem(verdict, item.candidates.length, settings.highest)) return;
    await this.#withFile(async file => {
      await file.append(judgementOf(item, verdict, new Date()));
      this.#past.push('judged');
      this.#showNext();
    });
  }

  skip(): void {
    const shown = this.#shown;
    if (!shown || isWithoutRow(shown)) return;
    if ('item' in shown && shown.item.again) this.#keep({ skippedAgain: this.#session.skippedAgain + 1 });
    else this.#keep({ skipped: [...this.#session.skipped, promptOf(shown)] });
    this.#past.push({ skipped: shown });
    this.#showNext();
  }

  /** Takes back the last judgement, or the last skip, and shows what it was about. */
  async undo(): Promise<void> {
    if (!this.#upcoming || !this.state.canUndo) return;
    const last = this.#past.at(-1) ?? 'judged';
    if (last !== 'judged') {
      this.#past.pop();
      const { skipped, skippedAgain } = this.#session;
      if ('item' in last.skipped && last.skipped.item.again) this.#keep({ skippedAgain: skippedAgain - 1 });
      else this.#keep({ skipped: skipped.slice(0, -1) });
      return this.#showInstead(last.skipped);
    }
    await this.#withFile(async file => {
      const judgement = await file.undo();
      this.#past.pop();
      if (judgement) this.#showInstead({ item: itemOf(judgement) });
    });
  }

  /** Responses to the prompt that failed, once more; or everything from the beginning. */
  tryAgain(): Promise<void> | undefined {
    const shown = this.#shown;
    if (!this.#upcoming || !shown || !('error' in shown) || isWithoutRow(shown)) return this.start();
    this.#shown = undefined;
    this.#upcoming.tryAgain(shown.row);
    this.#to({ kind: 'preparing', progress: null });
    return undefined;
  }

  reveal(on: boolean): void {
    this.#revealed = on;
    this.#tell({ revealed: on });
  }

  /** One at a time. Where the file can't be written, the item stays and the reason is told. */
  async #withFile(work: (file: PreferenceFile) => Promise<void>): Promise<void> {
    if (this.#busy || !this.#file) return;
    this.#busy = true;
    try {
      await work(this.#file);
    } catch (error) {
      this.#tell({ unkept: reasonOf(error) });
    } finally {
      this.#busy = false;
    }
  }

  #showNext(): void {
    this.#shown = undefined;
    this.#stage = { kind: 'preparing', progress: null };
    this.#advance();
  }

  #showInstead(prepared: Prepared): void {
    const before = this.#shown;
    if (before && !('item' in before && before.item.again)) this.#upcoming?.putBack(before);
    this.#show(prepared);
  }

  /** Shows what is next, where nothing is shown. */
  #advance(): void {
    if (!this.#upcoming || this.#shown) return this.#tell({ ahead: this.#upcoming?.length ?? 0 });
    const again = this.#dueAgain();
    const next = again ? { item: again } : this.#upcoming.take();
    if (next) return this.#show(next);
    if (this.#upcoming.ended) return this.#to({ kind: 'done' });
    this.#to({ kind: 'preparing', progress: null });
  }

  #show(prepared: Prepared): void {
    this.#shown = prepared;
    if ('error' in prepared) {
      const prompt = isWithoutRow(prepared) ? null : prepared.row.prompt;
      return this.#to({ kind: 'failed', prompt, error: prepared.error });
    }
    const { prompt, candidates } = prepared.item;
    const responses = candidates.map(({ text }) => text);
    this.#to({ kind: 'judging', item: { id: ++this.#shownId, prompt, responses } });
  }

  /** The first of each stretch of judgements is asked again after it, in another order. */
  #dueAgain(): Item | undefined {
    const { settings, skippedAgain } = this.#session;
    const { againAfter, seed } = settings;
    if (againAfter === null) return undefined;
    const all = this.judgements;
    const firsts = all.filter(({ again }) => !again);
    const asked = all.length - firsts.length + skippedAgain;
    const due = firsts[asked * againAfter] as Judgement | undefined;
    if (!due || firsts.length < (asked + 1) * againAfter) return undefined;
    const item = itemOf(due);
    const order = drawnOrder(item.candidates.length, seed, 'again', asked);
    return { ...item, candidates: order.map(at => item.candidates[at] as Item['candidates'][number]), again: true };
  }

  #progress(progress: Progress): void {
    const now = performance.now();
    if (this.#stage.kind !== 'preparing' || now - this.#told < TELL_MILLISECONDS) return;
    this.#told = now;
    this.#stage = { kind: 'preparing', progress };
    this.#tell({ stage: this.#stage });
  }

  #to(stage: AnnotateStage): void {
    this.#stage = stage;
    this.#tell(this.state);
  }

  #keep(changes: Partial<AnnotationSession>): void {
    this.#session = { ...this.#session, ...changes };
    void this.#parts.keep(this.#session);
  }

  #tell(changes: Partial<AnnotateState>): void {
    this.events.emit('change', changes);
  }
}

const promptOf = (prepared: Prepared): string => ('item' in prepared ? prepared.item.prompt : prepared.row.prompt);

/** The rows themselves could not be read. */
const isWithoutRow = (prepared: Prepared): boolean => 'error' in prepared && prepared.row.row < 0;
