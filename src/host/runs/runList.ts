import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { RUN_FILES } from '../../protocol/run/folder.ts';
import { hasEnded, isWorking, type ShownState } from '../../protocol/run/liveness.ts';
import { processExists, type RunReading, readRun } from '../../protocol/run/reading.ts';
import { madeAt, runTitle } from '../../protocol/run/words.ts';
import { Disposable } from '../disposable.ts';
import { FolderWatch } from './folderWatch.ts';
import { openedFolders, runsFolders, runsIn } from './places.ts';

/** A run as the editor shows it. */
export interface Run extends RunReading {
  /** Its folder's name. */
  readonly name: string;
  readonly title: string;
  /** ISO 8601; empty where nothing tells. */
  readonly madeAt: string;
  /** Opened by hand from a place that is not searched. */
  readonly opened: boolean;
}

/** How often runs under way are read, and how often it is looked for others: a few file sizes each. */
const WORKING_MILLISECONDS = 1000;
const SEARCH_MILLISECONDS = 5000;
/** After a folder was seen to change. */
const SETTLE_MILLISECONDS = 200;

/**
 * All runs that this window knows, as their folders say: whoever trains, and wherever, writes there. New folders are
 * seen at once where they can be watched; sizes and times of files tell the rest, on network folders too.
 */
export class RunList extends Disposable {
  readonly #changed = this._register(new vscode.EventEmitter<void>());
  /** Some run is another than it was, or there are others. */
  readonly onDidChange = this.#changed.event;
  readonly #ended = this._register(new vscode.EventEmitter<Run>());
  /** A run that was under way while this window looked is not any more. */
  readonly onDidEnd = this.#ended.event;

  readonly #extension: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #runs = new Map<string, Run>();
  /** Sizes and times of the files that were read, by run. */
  readonly #stamps = new Map<string, string>();
  /** Trainers that were started and have not written their status yet. */
  readonly #starting = new Map<string, number>();
  readonly #stopping = new Set<string>();
  readonly #watch = this._register(new FolderWatch(() => this.#soon()));
  #timer: NodeJS.Timeout | undefined;
  #searchedAt = 0;
  #reading: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(extension: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    super();
    this.#extension = extension;
    this.#log = log;
    this._register(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#soon()));
    this._register({ dispose: () => this.#end() });
    this.#soon();
  }

  /** The latest first. */
  get runs(): readonly Run[] {
    return toldApart([...this.#runs.values()]).sort(
      (a, b) => b.madeAt.localeCompare(a.madeAt) || a.name.localeCompare(b.name),
    );
  }

  get(folder: string): Run | undefined {
    return this.runs.find(run => run.folder === folder);
  }

  isStarting(folder: string): boolean {
    return this.#starting.has(folder);
  }

  /** Looks for runs and reads what changed. */
  async refresh(): Promise<void> {
    this.#searchedAt = 0;
    await this.#read();
  }

  /** A trainer was started on this run: until its status says so, the run is shown as starting. */
  async started(folder: string, processId: number): Promise<void> {
    this.#stopping.delete(folder);
    this.#starting.set(folder, processId);
    await this.refresh();
  }

  /** The trainer was asked to stop. */
  async stopping(folder: string): Promise<void> {
    this.#stopping.add(folder);
    await this.refresh();
  }

  /** The trainer that this window started is gone. Returns the run as it is then. */
  async exited(folder: string): Promise<Run | undefined> {
    this.#starting.delete(folder);
    this.#stamps.delete(folder);
    await this.refresh();
    return this.get(folder);
  }

  #soon(): void {
    if (this.#disposed) return;
    clearTimeout(this.#timer);
    this.#searchedAt = 0;
    this.#timer = setTimeout(() => void this.#read(), SETTLE_MILLISECONDS);
  }

  /** One reading after the other; then the next one is planned. */
  #read(): Promise<void> {
    this.#reading = this.#reading
      .then(() => this.#readOnce())
      .catch(error => this.#log.error('reading runs', error as Error))
      .then(() => this.#schedule());
    return this.#reading;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#disposed) return;
    const wait = this.#working.length > 0 ? WORKING_MILLISECONDS : SEARCH_MILLISECONDS;
    this.#timer = setTimeout(() => void this.#read(), wait);
  }

  get #working(): string[] {
    const working = [...this.#runs.values()].filter(({ state }) => isWorking(state)).map(({ folder }) => folder);
    return [...new Set([...working, ...this.#starting.keys()])];
  }

  async #readOnce(): Promise<void> {
    if (Date.now() - this.#searchedAt < SEARCH_MILLISECONDS) return this.#readAll(this.#working);
    this.#searchedAt = Date.now();
    const places = runsFolders(this.#extension);
    this.#watch.set(places);
    const found = (await Promise.all(places.map(runsIn))).flat();
    const known = new Set([...found, ...openedFolders(this.#extension)]);
    const gone = [...this.#runs.keys()].filter(folder => !known.has(folder));
    for (const folder of gone) {
      this.#runs.delete(folder);
      this.#stamps.delete(folder);
    }
    await this.#readAll([...known], gone.length > 0);
  }

  async #readAll(folders: readonly string[], fewer = false): Promise<void> {
    const changed = await Promise.all(folders.map(folder => this.#readRun(folder)));
    if (fewer || changed.some(Boolean)) this.#changed.fire();
  }

  /** Reads a run whose files have changed or that is under way. Returns whether it is another than it was. */
  async #readRun(folder: string): Promise<boolean> {
    const before = this.#runs.get(folder);
    const working = before !== undefined && isWorking(before.state);
    const stamp = await stampOf(folder);
    if (!working && !this.#starting.has(folder) && stamp === this.#stamps.get(folder)) return false;
    const reading = await readRun(folder).catch(error => this.#log.error(`${folder} can't be read: ${error}`));
    this.#stamps.set(folder, stamp);
    if (!reading) return this.#runs.delete(folder);
    const run = this.#shown(reading);
    this.#runs.set(folder, run);
    if (before && hasJustEnded(before, run)) this.#ended.fire(this.get(folder) ?? run);
    return JSON.stringify(run) !== JSON.stringify(before);
  }

  #shown(reading: RunReading): Run {
    const { folder, status } = reading;
    const name = basename(folder);
    return {
      ...reading,
      state: this.#stateOf(reading),
      name,
      title: runTitle(name),
      madeAt: madeAt(name) ?? status?.startedAt ?? '',
      opened: openedFolders(this.#extension).includes(folder),
    };
  }

  /** What the files say, and what this window knows before they do. */
  #stateOf({ folder, state, status }: RunReading): ShownState {
    const starting = this.#starting.get(folder);
    if (starting !== undefined) {
      if (status?.processId !== starting && processExists(starting)) return 'queued';
      this.#starting.delete(folder);
    }
    if (!isWorking(state)) this.#stopping.delete(folder);
    return this.#stopping.has(folder) ? 'stopping' : state;
  }

  #end(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }
}

/** Runs of one title are told apart by when they were made, and where that does not do, by their folders' names. */
function toldApart(runs: readonly Run[]): Run[] {
  const timed = retitled(runs, ({ title, madeAt }) => (madeAt === '' ? title : `${title}, ${timeText(madeAt)}`));
  return retitled(timed, ({ name }) => name);
}

function retitled(runs: readonly Run[], title: (run: Run) => string): Run[] {
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(run.title, (counts.get(run.title) ?? 0) + 1);
  return runs.map(run => ((counts.get(run.title) ?? 0) > 1 ? { ...run, title: title(run) } : run));
}

/** `Nov 22, 17:10` */
const timeText = (time: string): string =>
  new Date(time).toLocaleString('en', {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });

/** A trainer that ended before it wrote a status has ended nothing: the status is that of the one before. */
function hasJustEnded(before: Run, now: Run): boolean {
  if (!hasEnded(now.state)) return false;
  return isWorking(before.state) || (before.state === 'queued' && now.status?.processId !== before.status?.processId);
}

/** Changes when any of the files does that a reading is made from. */
async function stampOf(folder: string): Promise<string> {
  const files = [RUN_FILES.spec, RUN_FILES.status, RUN_FILES.result, RUN_FILES.model, RUN_FILES.checkpoints];
  const stamps = files.map(file =>
    stat(join(folder, file)).then(
      ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
      () => '',
    ),
  );
  return (await Promise.all(stamps)).join();
}
