import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { RUN_FILES } from '../../protocol/run/folder.ts';
import { hasEnded, isWorking, type ShownState } from '../../protocol/run/liveness.ts';
import { processExists, type RunReading, readRun } from '../../protocol/run/reading.ts';
import { madeAt, runTitle } from '../../protocol/run/words.ts';
import { Disposable } from '../disposable.ts';
import { FolderList, type ListedFolder } from '../folders/folderList.ts';
import { placesOf } from '../folders/places.ts';
import { openedFolders } from './opened.ts';

/** A run as the editor shows it. */
export interface Run extends RunReading, ListedFolder {
  /** Opened by hand from a place that is not searched. */
  readonly opened: boolean;
}

/** All runs that this window knows, with what it knows of them before their folders say so. */
export class RunList extends Disposable {
  /** Some run is another than it was, or there are others. */
  readonly onDidChange: vscode.Event<void>;
  /** A run that was under way while this window looked is not any more. */
  readonly onDidEnd: vscode.Event<Run>;
  readonly #extension: vscode.ExtensionContext;
  readonly #folders: FolderList<Run>;
  /** Trainers that were started and have not written their status yet. */
  readonly #starting = new Map<string, number>();
  readonly #stopping = new Set<string>();

  constructor(extension: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    super();
    this.#extension = extension;
    const kind = {
      name: 'runs',
      marker: RUN_FILES.spec,
      stamped: [RUN_FILES.spec, RUN_FILES.status, RUN_FILES.result, RUN_FILES.model, RUN_FILES.checkpoints],
      places: () => placesOf(extension, 'runs'),
      opened: () => openedFolders(extension),
      read: async (folder: string) => this.#shown(await readRun(folder)),
      isWorking: ({ state }: Run) => isWorking(state),
      begun: () => this.#starting.keys(),
      hasJustEnded,
    };
    this.#folders = this._register(new FolderList<Run>(kind, log));
    this.onDidChange = this.#folders.onDidChange;
    this.onDidEnd = this.#folders.onDidEnd;
  }

  /** The latest first. */
  get runs(): readonly Run[] {
    return this.#folders.items;
  }

  get(folder: string): Run | undefined {
    return this.#folders.get(folder);
  }

  isStarting(folder: string): boolean {
    return this.#starting.has(folder);
  }

  /** Looks for runs and reads what changed. */
  refresh(): Promise<void> {
    return this.#folders.refresh();
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
    this.#folders.forgetStamp(folder);
    await this.refresh();
    return this.get(folder);
  }

  #shown(reading: RunReading | undefined): Run | undefined {
    if (!reading) return undefined;
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
}

/** A trainer that ended before it wrote a status has ended nothing: the status is that of the one before. */
function hasJustEnded(before: Run, now: Run): boolean {
  if (!hasEnded(now.state)) return false;
  return isWorking(before.state) || (before.state === 'queued' && now.status?.processId !== before.status?.processId);
}
