import { EventEmitter } from 'node:events';
import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { resolve } from 'node:path';
import type { DatasetApi, DatasetDescription, OpenedDataset } from '../../protocol/dataset.ts';
import type { EngineApi, ModelEntry, ModelInfo } from '../../protocol/engine.ts';
import type { Asked } from '../../protocol/panels/dataset.ts';
import type { ShownEstimate } from '../../protocol/panels/fineTune.ts';
import type { Reason } from '../../protocol/result.ts';
import { problemsOf, type RunProblem } from '../../protocol/run/check.ts';
import { columnProblems } from '../../protocol/run/columns.ts';
import { complete } from '../../protocol/run/defaults.ts';
import { estimateRun } from '../../protocol/run/estimate.ts';
import { modelSize } from '../../protocol/run/modelSize.ts';
import type { RunRequest } from '../../protocol/run/spec.ts';
import { Asking } from '../datasets/asking.ts';
import { Disposable } from '../disposable.ts';
import type { Run } from '../runs/runList.ts';
import { measuredRate } from './measured.ts';
import { modelProblems } from './modelProblems.ts';

/** A moment without a change, after which data and time are asked for anew. */
const SETTLE_MILLISECONDS = 400;

export interface FineTuneParts {
  readonly engine: Pick<DatasetApi, 'openDataset' | 'describeDataset'> & Pick<EngineApi, 'modelInfo'>;
  /** The runs whose speed is known. */
  readonly runs: () => readonly Run[];
  /** Where a run on this dataset goes, or a folder above. */
  readonly diskOf: (file: string) => string;
}

/** What is told when it changes. */
export interface FineTuneState {
  readonly opened: Asked<OpenedDataset>;
  readonly description: Asked<DatasetDescription>;
  readonly problems: readonly RunProblem[];
  readonly estimate: ShownEstimate;
}

/** A request that is being written: what its data are, what is wrong with it, and what it would take. */
export class FineTune extends Disposable {
  readonly events = new EventEmitter<{ change: [Partial<FineTuneState>] }>();
  readonly #parts: FineTuneParts;
  readonly #opened = new Asking<OpenedDataset>('Reading the file', opened => this.#tell({ opened }));
  readonly #description = new Asking<DatasetDescription>('Counting tokens', description => this.#tell({ description }));
  #request: RunRequest;
  #problems: readonly RunProblem[] = [];
  #estimate: ShownEstimate;
  #settling: NodeJS.Timeout | undefined;
  #reading = 0;

  constructor(parts: FineTuneParts, request: RunRequest) {
    super();
    this.#parts = parts;
    this.#request = request;
    this.#estimate = { value: null, threads: threadsOf(request), memoryBytes: totalmem(), freeDiskBytes: null };
    this._register({ dispose: () => clearTimeout(this.#settling) });
    this._register({ dispose: () => [this.#opened, this.#description].forEach(asking => asking.cancel()) });
    this._register({ dispose: () => this.events.removeAllListeners() });
  }

  get request(): RunRequest {
    return this.#request;
  }

  get state(): FineTuneState {
    return {
      opened: this.#opened.asked,
      description: this.#description.asked,
      problems: this.#problems,
      estimate: this.#estimate,
    };
  }

  /** All that prevents a start, as far as it is known. */
  get allProblems(): readonly RunProblem[] {
    return [...problemsOf(this.#request), ...this.#problems];
  }

  edit(request: RunRequest): void {
    this.#request = request;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.read(), SETTLE_MILLISECONDS);
  }

  /** Looks at the file and at the model, and estimates. What is wrong already is told by the page, and not asked. */
  async read(): Promise<void> {
    const reading = ++this.#reading;
    const request = this.#request;
    if (problemsOf(request).length > 0) return;
    const [opened, info] = await Promise.all([
      this.#opened.ask(call => this.#parts.engine.openDataset(request, call)),
      this.#parts.engine.modelInfo({ model: request.model }),
    ]);
    if (reading !== this.#reading) return;
    const problems = opened ? columnProblems(request, opened) : [];
    if (info.ok) problems.push(...modelProblems(request, info.value));
    else if (!startsWithoutWeights(request, info.error))
      problems.push({ path: 'model', value: request.model, reason: info.error });
    this.#set({ problems });
    if (problems.length > 0 || !opened) return;
    const description = await this.#description.ask(call => this.#parts.engine.describeDataset(request, call));
    if (reading !== this.#reading || !description || !info.ok) return;
    if (description.reason) {
      this.#set({ problems: [{ path: 'dataset.file', value: request.dataset.file, reason: description.reason }] });
    }
    this.#set({ estimate: await this.#estimated(request, info.value, description) });
  }

  async #estimated(
    request: RunRequest,
    { config, entry }: ModelInfo,
    { split, lengths }: DatasetDescription,
  ): Promise<ShownEstimate> {
    const { runs, diskOf } = this.#parts;
    const base = { threads: threadsOf(request), memoryBytes: totalmem() };
    const freeDiskBytes = await freeBytes(diskOf(request.dataset.file));
    if (!split || !lengths) return { ...base, value: null, freeDiskBytes };
    const size = modelSize(config);
    const measured = await measuredRate(runs(), run => isOfModel(run, entry), size, lengths.mean);
    const data = { rows: split, meanTokens: lengths.mean };
    const value = estimateRun(complete(request), size, data, { ...base, measured });
    return { ...base, value, freeDiskBytes };
  }

  #set({ problems, estimate }: Partial<Pick<FineTuneState, 'problems' | 'estimate'>>): void {
    if (problems) this.#problems = problems;
    if (estimate) this.#estimate = estimate;
    this.#tell({ ...(problems && { problems }), ...(estimate && { estimate }) });
  }

  #tell(changes: Partial<FineTuneState>): void {
    this.events.emit('change', changes);
  }
}

/** From random weights a model needs none; how large it is can't be said here then. */
const startsWithoutWeights = ({ initialize }: RunRequest, { code }: Reason): boolean =>
  initialize === 'random' && code === 'weights-missing';

const threadsOf = ({ threads }: RunRequest): number => (typeof threads === 'number' ? threads : availableParallelism());

/** Once a run has started, its request names the model's folder. */
function isOfModel({ folder, request }: Run, entry: ModelEntry): boolean {
  return request?.model === entry.id || (request !== undefined && resolve(folder, request.model) === entry.folder);
}

/** Null where the folder is not there yet, or its disk does not tell. */
const freeBytes = (folder: string): Promise<number | null> =>
  statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
