import { basename, resolve } from 'node:path';
import * as vscode from 'vscode';
import { createEvaluation } from '../../protocol/evaluation/create.ts';
import type { EvaluationApi } from '../../protocol/evaluation/api.ts';
import { EVALUATION_FILES } from '../../protocol/evaluation/folder.ts';
import { readEvaluation } from '../../protocol/evaluation/reading.ts';
import type { EvaluationRequest } from '../../protocol/evaluation/request.ts';
import type { ShownEvaluation } from '../../protocol/panels/evaluation.ts';
import { CANCELLED, err, ok, type Reason, reasonOf, type Result } from '../../protocol/result.ts';
import { hasEnded, isWorking, type ShownState } from '../../protocol/run/liveness.ts';
import { madeAt, runTitle } from '../../protocol/run/words.ts';
import { Disposable } from '../disposable.ts';
import { deleteFolder, renameFolder } from '../folders/folderChanges.ts';
import { FolderList } from '../folders/folderList.ts';
import { placeFor, placesOf } from '../folders/places.ts';

/** An evaluation as the editor shows it. */
export type Evaluation = ShownEvaluation;

export interface EvaluationsParts {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly engine: Pick<EvaluationApi, 'evaluate'>;
}

/** One that this window's engine works on. */
interface Work {
  readonly abort: AbortController;
  /** In milliseconds since the epoch. */
  readonly since: number;
}

/** All evaluations that this window knows, and what can be done with them. They are made by this window's engine. */
export class Evaluations extends Disposable {
  readonly list: FolderList<Evaluation>;
  readonly #parts: EvaluationsParts;
  readonly #work = new Map<string, Work>();
  readonly #refused = this._register(
    new vscode.EventEmitter<{ readonly evaluation: Evaluation; readonly reason: Reason }>(),
  );
  /** One could not go on, and its folder does not say why. */
  readonly onDidRefuse = this.#refused.event;

  constructor(parts: EvaluationsParts) {
    super();
    this.#parts = parts;
    const kind = {
      name: 'evaluations',
      marker: EVALUATION_FILES.request,
      stamped: [EVALUATION_FILES.request, EVALUATION_FILES.status, EVALUATION_FILES.result],
      places: () => placesOf(parts.extension, 'evaluations'),
      opened: () => [],
      read: (folder: string) => this.#read(folder),
      isWorking: ({ state }: Evaluation) => isWorking(state),
      begun: () => this.#work.keys(),
      hasJustEnded: (before: Evaluation, now: Evaluation) =>
        hasEnded(now.state) && (isWorking(before.state) || before.state === 'queued'),
    };
    this.list = this._register(new FolderList<Evaluation>(kind, parts.log));
    this._register({ dispose: () => this.#work.forEach(({ abort }) => abort.abort()) });
  }

  /** A new folder with this request, where the evaluations of its dataset go. Paths are relative to `base`. */
  async create(request: EvaluationRequest, base: string): Promise<Result<string>> {
    const dataset = vscode.Uri.file(resolve(base, request.dataset.file));
    const evaluationsFolder = placeFor(this.#parts.extension, 'evaluations', dataset);
    try {
      const folder = await createEvaluation({ request, base, evaluationsFolder });
      await this.list.refresh();
      return ok(folder);
    } catch (error) {
      return { ok: false, error: reasonOf(error) };
    }
  }

  /** Begins, or goes on after the last whole row. How it ends is in its folder. */
  async start(folder: string): Promise<Result<true>> {
    const title = runTitle(basename(folder));
    if (this.#isWorkedOn(folder))
      return err('evaluation-busy', `“${title}” is being evaluated already.`, 'Wait for its end, or stop it first.');
    if (!vscode.workspace.isTrusted) {
      const message = `“${title}” can't be evaluated in a workspace that is not trusted.`;
      return err('workspace-untrusted', message, 'Trust the workspace if you know where its files are from.');
    }
    const abort = new AbortController();
    this.#work.set(folder, { abort, since: Date.now() });
    void this.#evaluate(folder, abort.signal);
    await this.list.refresh();
    return ok(true);
  }

  /** Asks for an end after the rows that are under way. Fails where another window evaluates. */
  async stop({ folder, title }: Evaluation): Promise<Result<true>> {
    const work = this.#work.get(folder);
    if (!work) {
      const message = `“${title}” is not being evaluated by this window.`;
      return err('evaluation-elsewhere', message, 'Stop it where it was started.');
    }
    work.abort.abort();
    await this.list.refresh();
    return ok(true);
  }

  /** Counts the votes of a comparison that has finished anew, into its result. */
  async recount(folder: string): Promise<void> {
    const counted = await this.#parts.engine.evaluate({ folder });
    if (!counted.ok) this.#parts.log.warn(`votes of ${folder}: ${counted.error.message}`);
    await this.list.refresh();
  }

  async rename(evaluation: Evaluation, name: string): Promise<Result<string>> {
    if (this.#isWorkedOn(evaluation.folder)) return underWay(evaluation.title, 'renamed');
    const renamed = await renameFolder(evaluation, name);
    await this.list.refresh();
    return renamed;
  }

  /** To the trash, or for good. Fails where there is no trash. */
  async delete(evaluation: Evaluation, useTrash: boolean): Promise<Result<true>> {
    if (this.#isWorkedOn(evaluation.folder)) return underWay(evaluation.title, 'deleted');
    const deleted = await deleteFolder(evaluation, useTrash);
    await this.list.refresh();
    return deleted;
  }

  /** By whomever, also where the folder does not say so yet. */
  #isWorkedOn(folder: string): boolean {
    return this.#work.has(folder) || isWorking(this.list.get(folder)?.state ?? 'ready');
  }

  async #evaluate(folder: string, signal: AbortSignal): Promise<void> {
    this.#parts.log.info(`evaluating ${folder}`);
    const ended = await this.#parts.engine.evaluate({ folder }, { signal });
    this.#parts.log.info(`${folder}: ${ended.ok ? 'finished' : ended.error.message}`);
    this.#work.delete(folder);
    this.list.forgetStamp(folder);
    await this.list.refresh();
    const evaluation = this.list.get(folder);
    if (ended.ok || ended.error.code === CANCELLED || !evaluation) return;
    if (evaluation.status?.error?.message !== ended.error.message)
      this.#refused.fire({ evaluation, reason: ended.error });
  }

  async #read(folder: string): Promise<Evaluation> {
    const reading = await readEvaluation(folder);
    const name = basename(folder);
    const { request = null, status = null, result = null } = reading ?? {};
    const read = { folder, name, title: runTitle(name), madeAt: madeAt(name) ?? status?.startedAt ?? '' };
    const problem: Reason | null = request
      ? null
      : {
          code: 'evaluation-unreadable',
          message: `${EVALUATION_FILES.request} of “${read.title}” is no JSON.`,
          remedy: 'Open it and mend it; the line at fault is marked there.',
        };
    const state = this.#stateOf(folder, reading?.state ?? 'ready', status);
    return { ...read, state, request, status, result, mayStop: this.#work.has(folder), problem };
  }

  /** What the files say, and what this window knows before they do. */
  #stateOf(folder: string, state: ShownState, status: Evaluation['status']): ShownState {
    const work = this.#work.get(folder);
    if (!work) return state;
    if (!status || Date.parse(status.heartbeatAt) < work.since) return 'queued';
    return isWorking(state) && work.abort.signal.aborted ? 'stopping' : state;
  }
}

/** The dataset file of an evaluation: another one where its part of the split has a file of its own. */
export function datasetFileOf({ folder, request }: Evaluation): string | null {
  if (!request) return null;
  const { dataset, part } = request;
  const { split } = dataset;
  const own = split && 'files' in split && part && part !== 'train' ? split.files[part] : undefined;
  return resolve(folder, own ?? dataset.file);
}

const underWay = (title: string, done: string): Result<never> =>
  err('evaluation-busy', `“${title}” is being evaluated and can't be ${done}.`, 'Stop it first.');
