import { EventEmitter } from 'node:events';
import type {
  DatasetApi,
  DatasetDescription,
  DatasetRequest,
  LaidOpenBatch,
  OpenedDataset,
  RenderedRow,
} from '../../protocol/dataset.ts';
import type { Asked, DatasetPage, DatasetSession, DatasetView, ShownRows } from '../../protocol/panels/dataset.ts';
import { type Result, throwIfAborted, valueOf } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import { Asking } from './asking.ts';
import { asShown, withMethod } from './requests.ts';
import { rowOfLine } from './rowOfLine.ts';

/** What is told when it changes. */
export interface DatasetState extends DatasetSession {
  readonly opened: Asked<OpenedDataset>;
  readonly description: Asked<DatasetDescription>;
  readonly row: Asked<RenderedRow>;
  readonly batch: Asked<LaidOpenBatch>;
  readonly rowsVersion: number;
}

/** Rows of a page, as the panel's page asks for them. */
const FIRST_ROWS = 100;

/** What a file that is here already needs of the engine. */
export type DatasetEngine = Omit<DatasetApi, 'getDataset'>;

/**
 * A dataset file that is looked at: what is set for it, and what the engine makes of that. A change asks anew, and
 * cancels what was being asked. Rows are fetched by pages and not kept.
 */
export class Dataset extends Disposable {
  readonly events = new EventEmitter<{ change: [Partial<DatasetState>] }>();
  readonly #engine: DatasetEngine;
  readonly #opened = new Asking<OpenedDataset>('Reading the file', opened => this.#tell({ opened }));
  readonly #description = new Asking<DatasetDescription>('Counting tokens', description => this.#tell({ description }));
  readonly #row = new Asking<RenderedRow>('Rendering the row', row => this.#tell({ row }));
  readonly #batch = new Asking<LaidOpenBatch>('Making the batch', batch => this.#tell({ batch }));
  #session: DatasetSession;
  #rowsVersion = 0;
  /** Counts the requests that were read: an older one is described no more. */
  #reading = 0;
  #pages = new AbortController();
  /** The first page of the rows that are shown, which is asked for before anything that takes long. */
  #firstPage: Promise<Result<DatasetPage>> | undefined;

  constructor(engine: DatasetEngine, session: DatasetSession) {
    super();
    this.#engine = engine;
    this.#session = session;
    this._register({ dispose: () => this.cancel() });
    this._register({ dispose: () => this.events.removeAllListeners() });
  }

  get session(): DatasetSession {
    return this.#session;
  }

  get file(): string {
    return this.#session.request.dataset.file;
  }

  get state(): DatasetState {
    return {
      ...this.#session,
      opened: this.#opened.asked,
      description: this.#description.asked,
      row: this.#row.asked,
      batch: this.#batch.asked,
      rowsVersion: this.#rowsVersion,
    };
  }

  /** The request as a run would have it. */
  get request(): DatasetRequest {
    return withMethod(this.#session.request, this.#opened.asked.value);
  }

  get #shownRequest(): DatasetRequest {
    return asShown(this.request, this.#session.shown);
  }

  /** Another request about the same file. */
  async edit(request: DatasetRequest): Promise<void> {
    const { file } = this;
    const edited = { ...request, dataset: { ...request.dataset, file } };
    const steps = edited.dataset.steps?.length ?? 0;
    const { shown } = this.#session;
    const sameRows = JSON.stringify(rowsOf(request)) === JSON.stringify(rowsOf(this.#session.request));
    const afterSteps = shown.afterSteps !== null && shown.afterSteps < steps ? shown.afterSteps : null;
    this.#set({ request: edited, shown: { ...shown, afterSteps }, ...(!sameRows && { chosenRow: null }) });
    await this.read();
  }

  setView(view: DatasetView): void {
    const { detail } = this.#session.view;
    this.#set({ view });
    if (view.detail !== detail) void this.#detail();
  }

  /** Asks for everything: the file was opened, or changed, or the request is another one. */
  async read(): Promise<void> {
    const before = this.#opened.asked.value?.version;
    const opened = await this.#opened.ask(call => this.#engine.openDataset(this.#session.request, call));
    if (!opened) return this.#description.cancel();
    this.#newRows(before !== undefined && before !== opened.version ? { chosenRow: null, chosenBatch: 0 } : {});
    const reading = ++this.#reading;
    const firstPage = this.#page(0, FIRST_ROWS);
    this.#firstPage = firstPage;
    void this.#detail();
    await firstPage;
    if (reading !== this.#reading) return;
    const described = await this.#description.ask(call => this.#engine.describeDataset(this.request, call));
    if (described) this.#newRows({}); // the engine tells a row's problems once it has found them
  }

  show(shown: ShownRows): void {
    const { chosenRow } = this.#session;
    const sameRows = shown.afterSteps === this.#session.shown.afterSteps;
    this.#newRows({ shown, chosenRow: sameRows ? chosenRow : null });
    void this.#detail();
  }

  /** A page of the rows that are shown. */
  rows(from: number, count: number): Promise<Result<DatasetPage>> {
    return from === 0 && count === FIRST_ROWS && this.#firstPage ? this.#firstPage : this.#page(from, count);
  }

  #page(from: number, count: number): Promise<Result<DatasetPage>> {
    const { part } = this.#session.shown;
    const request = { dataset: this.#shownRequest, from, count, ...(part && { part }) };
    return this.#engine.datasetRows(request, { signal: this.#pages.signal });
  }

  async chooseRow(chosenRow: number | null): Promise<void> {
    if (chosenRow === this.#session.chosenRow) return;
    this.#set({ chosenRow });
    await this.#renderRow();
  }

  async chooseBatch(chosenBatch: number): Promise<void> {
    this.#set({ chosenBatch });
    await this.#layBatchOpen();
  }

  /** Which of the rows after the steps stands at a line of the file; those of all parts are shown from then on. */
  async goToLine(line: number, signal: AbortSignal): Promise<number | null> {
    const dataset = this.#shownRequest;
    const at = (from: number) => valueOf(this.#engine.datasetRows({ dataset, from, count: 1 }, { signal }));
    const { total } = await at(0);
    const row = await rowOfLine(line, total, async from => (await at(from)).rows[0]?.line);
    throwIfAborted(signal);
    if (row !== null && this.#session.shown.part !== null) this.show({ ...this.#session.shown, part: null });
    if (row !== null) void this.chooseRow(row);
    return row;
  }

  /** Ends what is under way. */
  cancel(): void {
    for (const asking of [this.#opened, this.#description, this.#row, this.#batch]) asking.cancel();
  }

  #newRows(changes: Partial<DatasetSession>): void {
    this.#pages.abort();
    this.#pages = new AbortController();
    this.#firstPage = undefined;
    this.#rowsVersion++;
    this.#set(changes);
    this.#tell({ rowsVersion: this.#rowsVersion });
  }

  #detail(): Promise<void> {
    const { detail } = this.#session.view;
    return detail === 'batch' ? this.#layBatchOpen() : this.#renderRow();
  }

  async #renderRow(): Promise<void> {
    const { chosenRow: row } = this.#session;
    if (row === null) return this.#row.clear();
    await this.#row.ask(call => this.#engine.renderDatasetRow({ ...this.#shownRequest, row }, call));
  }

  async #layBatchOpen(): Promise<void> {
    const { chosenBatch: batch } = this.#session;
    await this.#batch.ask(call => this.#engine.datasetBatch({ ...this.request, batch }, call));
  }

  #set(changes: Partial<DatasetSession>): void {
    this.#session = { ...this.#session, ...changes };
    this.#tell(changes);
  }

  #tell(changes: Partial<DatasetState>): void {
    this.events.emit('change', changes);
  }
}

/** What decides which row has which number. */
const rowsOf = ({ dataset: { steps, split, header } }: DatasetRequest): unknown => [
  steps,
  header,
  split && 'seed' in split && split.seed,
];
