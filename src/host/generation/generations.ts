import * as vscode from 'vscode';
import { streamed, tokensOf } from '../../protocol/branches.ts';
import type { EngineApi } from '../../protocol/engine.ts';
import type {
  ColumnResult,
  GenerationColumn,
  GenerationStream,
  GenerationsSession,
  GenerationsView,
} from '../../protocol/panels/generations.ts';
import { placeOf } from '../../protocol/precision.ts';
import { CANCELLED, type Reason } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import type { Models } from '../models/models.ts';
import { type Job, type JobsRequest, runJobs } from './requests.ts';
import { answered, branched, branchSettings, ended, restarted, startedResult, withoutBranch } from './results.ts';
import { firstSession } from './session.ts';

export type GenerationChange =
  /** Prompt or columns are other ones. */
  | { readonly kind: 'session'; readonly prompt: boolean; readonly columns: boolean }
  | { readonly kind: 'result'; readonly column: string }
  | { readonly kind: 'stream'; readonly column: string; readonly stream: GenerationStream };

/** Work under way, and the texts it makes. */
interface Running {
  readonly abort: AbortController;
  jobs: readonly Job[];
}

/** A prompt, columns of settings, and what they made of it. */
export class Generations extends Disposable {
  readonly #changed = this._register(new vscode.EventEmitter<GenerationChange>());
  readonly onDidChange = this.#changed.event;
  readonly #engine: EngineApi;
  readonly #models: Models;
  readonly #running = new Set<Running>();
  #session = firstSession();

  constructor(engine: EngineApi, models: Models) {
    super();
    this.#engine = engine;
    this.#models = models;
    this._register({ dispose: () => this.stop() });
  }

  get session(): GenerationsSession {
    return this.#session;
  }

  column(id: string): GenerationColumn | undefined {
    return this.#session.columns.find(column => column.id === id);
  }

  result(id: string): ColumnResult | undefined {
    return this.#session.results[id];
  }

  /** A session of an earlier window. */
  adopt(session: GenerationsSession): void {
    this.#session = session;
  }

  setPrompt(prompt: string): void {
    if (prompt === this.#session.prompt) return;
    this.#session = { ...this.#session, prompt };
    this.#changed.fire({ kind: 'session', prompt: true, columns: false });
  }

  setView(view: GenerationsView): void {
    this.#session = { ...this.#session, view };
    this.#changed.fire({ kind: 'session', prompt: false, columns: false });
  }

  /** Results of columns that are no more go with them. */
  setColumns(columns: readonly GenerationColumn[]): void {
    const gone = Object.keys(this.#session.results).filter(id => !columns.some(column => column.id === id));
    for (const id of gone) this.stop(id);
    const results = Object.entries(this.#session.results).filter(([id]) => !gone.includes(id));
    this.#session = { ...this.#session, columns, results: Object.fromEntries(results) };
    this.#changed.fire({ kind: 'session', prompt: false, columns: true });
  }

  /** Runs a column, or all of them; columns of one model together. */
  async run(id?: string): Promise<void> {
    this.stop(id);
    const { prompt, columns } = this.#session;
    const asked = columns.filter(column => id === undefined || column.id === id);
    for (const { id, model, settings } of asked) {
      this.#setResult(id, startedResult(prompt, model ?? this.#models.activeId, settings));
    }
    const models = [...new Set(asked.map(({ model }) => model))];
    await Promise.all(
      models.map(model => {
        const jobs = asked.filter(column => column.model === model).map(column => this.#job(column));
        return this.#request(model, { prompt, jobs });
      }),
    );
  }

  /** Goes on from another token in place of token `at` of the text that a branch reads. */
  async branch(column: string, parent: number, at: number, id: number): Promise<void> {
    const before = this.result(column);
    const result = before && branched(before, parent, at, id);
    if (!result) return;
    this.#setResult(column, result);
    const forced = tokensOf(result.branches, result.selected).map(token => token.id);
    const settings = branchSettings(result.settings, forced.length);
    const jobs = [{ column, branches: [result.selected], settings }];
    await this.#request(result.model, { prompt: result.prompt, forced, jobs });
  }

  select(column: string, branch: number): void {
    const result = this.result(column);
    if (result) this.#setResult(column, { ...result, selected: branch });
  }

  removeBranch(column: string, branch: number): void {
    const result = this.result(column);
    if (!result) return;
    const left = withoutBranch(result, branch);
    const isLeft = (id: number): boolean => left.branches.some(branch => branch.id === id);
    this.#leave(job => job.column === column && !job.branches.some(isLeft));
    this.#setResult(column, left);
  }

  /** Stops a column, or all of them. What came so far stays. */
  stop(column?: string): void {
    for (const job of this.#leave(job => column === undefined || job.column === column))
      this.#update(job.column, result => ended(result, job.branches, 'stopped'));
  }

  #job({ id, settings }: GenerationColumn): Job {
    const branches = this.result(id)?.branches.map(branch => branch.id) ?? [];
    return { column: id, settings, branches };
  }

  /** No more of what comes for some jobs is wanted; a request of which nothing is, ends. Gives the jobs that were left. */
  #leave(isMeant: (job: Job) => boolean): Job[] {
    return [...this.#running].flatMap(running => {
      const left = running.jobs.filter(isMeant);
      running.jobs = running.jobs.filter(job => !left.includes(job));
      if (running.jobs.length === 0) running.abort.abort();
      return left;
    });
  }

  async #request(
    model: string | null,
    { prompt, forced, jobs }: Pick<JobsRequest, 'prompt' | 'forced' | 'jobs'>,
  ): Promise<void> {
    const running: Running = { abort: new AbortController(), jobs };
    this.#running.add(running);
    const isWanted = (column: string): boolean => running.jobs.some(job => job.column === column);
    const choice = await this.#models.choice(model ?? undefined);
    const failed = (job: Job, error: Reason): void => this.#failed(job, error);
    if (choice.ok) {
      await runJobs(this.#engine, {
        choice: choice.value,
        prompt,
        ...(forced && { forced }),
        jobs: running.jobs,
        signal: running.abort.signal,
        isWanted: job => isWanted(job.column),
        // The beams that are shown are those of the column's own search, and not of a branch's.
        onStream: (column, stream) =>
          isWanted(column) && this.#stream(column, forced ? { ...stream, beams: [] } : stream),
        onRestart: job => this.#update(job.column, result => restarted(result, job.branches)),
        onFailed: (job, error) => isWanted(job.column) && failed(job, error),
        onDone: (job, answer, { device }) => {
          if (model === null) this.#models.ranOn(device);
          if (isWanted(job.column)) this.#update(job.column, r => answered(r, job.branches, placeOf(device), answer));
        },
      });
    } else for (const job of running.jobs) failed(job, choice.error);
    this.#running.delete(running);
  }

  #failed({ column, branches }: Job, error: Reason): void {
    const state = error.code === CANCELLED ? 'stopped' : 'failed';
    this.#update(column, result => ended(result, branches, state, state === 'failed' ? error : null));
  }

  #stream(column: string, stream: GenerationStream): void {
    const result = this.result(column);
    if (!result) return;
    this.#put(column, streamed(result, stream));
    this.#changed.fire({ kind: 'stream', column, stream });
  }

  #update(column: string, update: (result: ColumnResult) => ColumnResult): void {
    const result = this.result(column);
    if (result) this.#setResult(column, update(result));
  }

  #setResult(column: string, result: ColumnResult): void {
    this.#put(column, result);
    this.#changed.fire({ kind: 'result', column });
  }

  #put(column: string, result: ColumnResult): void {
    this.#session = { ...this.#session, results: { ...this.#session.results, [column]: result } };
  }
}
