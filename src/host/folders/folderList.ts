import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Disposable } from '../disposable.ts';
import { FolderWatch } from './folderWatch.ts';
import { foldersWith } from './places.ts';

/** A folder as the editor lists it: a run, or an evaluation. */
export interface ListedFolder {
  readonly folder: string;
  /** The folder's name. */
  readonly name: string;
  readonly title: string;
  /** ISO 8601; empty where nothing tells. */
  readonly madeAt: string;
}

/** What there is to know of a sort of folders. */
export interface FolderKind<Item extends ListedFolder> {
  /** In the log: `runs`. */
  readonly name: string;
  /** The file that makes a folder one of them. */
  readonly marker: string;
  /** Files and folders without whose change it stays as it was read. */
  readonly stamped: readonly string[];
  /** Folders that they are in. */
  places(): readonly string[];
  /** Those that were opened from elsewhere. */
  opened(): readonly string[];
  read(folder: string): Promise<Item | undefined>;
  /** Whether its files may change at any time. */
  isWorking(item: Item): boolean;
  /** Those that are begun, and whose files do not say so yet. */
  begun(): Iterable<string>;
  hasJustEnded(before: Item, now: Item): boolean;
}

/** How often those under way are read, and how often it is looked for others: a few file sizes each. */
const WORKING_MILLISECONDS = 1000;
const SEARCH_MILLISECONDS = 5000;
/** After a folder was seen to change. */
const SETTLE_MILLISECONDS = 200;

/**
 * All folders of a sort that this window knows, as their files say: whoever works there, and wherever, writes them. New
 * folders are seen at once where they can be watched; sizes and times of files tell the rest, on network folders too.
 */
export class FolderList<Item extends ListedFolder> extends Disposable {
  readonly #changed = this._register(new vscode.EventEmitter<void>());
  /** Some folder is another than it was, or there are others. */
  readonly onDidChange = this.#changed.event;
  readonly #ended = this._register(new vscode.EventEmitter<Item>());
  /** One that was under way while this window looked is not any more. */
  readonly onDidEnd = this.#ended.event;

  readonly #kind: FolderKind<Item>;
  readonly #log: vscode.LogOutputChannel;
  readonly #items = new Map<string, Item>();
  /** Sizes and times of the files that were read, by folder. */
  readonly #stamps = new Map<string, string>();
  readonly #watch = this._register(new FolderWatch(() => this.#soon()));
  #timer: NodeJS.Timeout | undefined;
  #searchedAt = 0;
  #reading: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(kind: FolderKind<Item>, log: vscode.LogOutputChannel) {
    super();
    this.#kind = kind;
    this.#log = log;
    this._register(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#soon()));
    this._register({ dispose: () => this.#end() });
    this.#soon();
  }

  /** The latest first. */
  get items(): readonly Item[] {
    return toldApart([...this.#items.values()]).sort(
      (a, b) => b.madeAt.localeCompare(a.madeAt) || a.name.localeCompare(b.name),
    );
  }

  get(folder: string): Item | undefined {
    return this.items.find(item => item.folder === folder);
  }

  /** Looks for folders and reads what changed. */
  async refresh(): Promise<void> {
    this.#searchedAt = 0;
    await this.#read();
  }

  /** Reads it anew the next time, whether its files have changed or not. */
  forgetStamp(folder: string): void {
    this.#stamps.delete(folder);
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
      .catch(error => this.#log.error(`reading ${this.#kind.name}`, error as Error))
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
    const working = [...this.#items.values()].filter(item => this.#kind.isWorking(item)).map(({ folder }) => folder);
    return [...new Set([...working, ...this.#kind.begun()])];
  }

  async #readOnce(): Promise<void> {
    if (Date.now() - this.#searchedAt < SEARCH_MILLISECONDS) return this.#readAll(this.#working);
    this.#searchedAt = Date.now();
    const places = this.#kind.places();
    this.#watch.set(places);
    const found = (await Promise.all(places.map(place => foldersWith(this.#kind.marker, place)))).flat();
    const known = new Set([...found, ...this.#kind.opened()]);
    const gone = [...this.#items.keys()].filter(folder => !known.has(folder));
    for (const folder of gone) {
      this.#items.delete(folder);
      this.#stamps.delete(folder);
    }
    await this.#readAll([...known], gone.length > 0);
  }

  async #readAll(folders: readonly string[], fewer = false): Promise<void> {
    const changed = await Promise.all(folders.map(folder => this.#readFolder(folder)));
    if (fewer || changed.some(Boolean)) this.#changed.fire();
  }

  /** Reads one whose files have changed or that is under way. Returns whether it is another than it was. */
  async #readFolder(folder: string): Promise<boolean> {
    const before = this.#items.get(folder);
    const working = this.#working.includes(folder);
    const stamp = await stampOf(folder, this.#kind.stamped);
    if (!working && stamp === this.#stamps.get(folder)) return false;
    const item = await this.#kind
      .read(folder)
      .catch(error => this.#log.error(`${folder} can't be read: ${error}`) as undefined);
    this.#stamps.set(folder, stamp);
    if (!item) return this.#items.delete(folder);
    this.#items.set(folder, item);
    if (before && this.#kind.hasJustEnded(before, item)) this.#ended.fire(this.get(folder) ?? item);
    return JSON.stringify(item) !== JSON.stringify(before);
  }

  #end(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }
}

/** Those of one title are told apart by when they were made, and where that does not do, by their folders' names. */
function toldApart<Item extends ListedFolder>(items: readonly Item[]): Item[] {
  const timed = retitled(items, ({ title, madeAt }) => (madeAt === '' ? title : `${title}, ${timeText(madeAt)}`));
  return retitled(timed, ({ name }) => name);
}

function retitled<Item extends ListedFolder>(items: readonly Item[], title: (item: Item) => string): Item[] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item.title, (counts.get(item.title) ?? 0) + 1);
  return items.map(item => ((counts.get(item.title) ?? 0) > 1 ? { ...item, title: title(item) } : item));
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

/** Changes when any of the files does that an item is read from. */
async function stampOf(folder: string, files: readonly string[]): Promise<string> {
  const stamps = files.map(file =>
    stat(join(folder, file)).then(
      ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
      () => '',
    ),
  );
  return (await Promise.all(stamps)).join();
}
