import { EventEmitter } from 'node:events';
import { hostname, availableParallelism } from 'node:os';
import type { DatasetApi, DatasetDescription, OpenedDataset } from '../../protocol/dataset.ts';
import type { ModelEntry } from '../../protocol/engine.ts';
import type { EvaluationApi, PromptPreview } from '../../protocol/evaluation/api.ts';
import { evaluationProblems, type EvaluationProblem } from '../../protocol/evaluation/check.ts';
import {
  type EvaluationEstimate,
  estimateEvaluation,
  type MeasuredEvaluation,
} from '../../protocol/evaluation/estimate.ts';
import { firstEvaluation } from '../../protocol/evaluation/first.ts';
import { askedPrecisions } from '../../protocol/evaluation/modelNames.ts';
import type { EvaluationRequest, TaskName } from '../../protocol/evaluation/request.ts';
import type { Precision } from '../../protocol/precision.ts';
import type { EvaluateSnapshot } from '../../protocol/panels/evaluate.ts';
import { Asking } from '../datasets/asking.ts';
import { Disposable } from '../disposable.ts';
import type { Evaluation } from './evaluations.ts';

/** A moment without a change, after which the data and the preview are asked for anew. */
const SETTLE_MILLISECONDS = 300;

export interface EvaluateFormParts {
  readonly engine: Pick<DatasetApi, 'openDataset' | 'describeDataset'> & Pick<EvaluationApi, 'previewPrompt'>;
  readonly models: () => readonly ModelEntry[];
  /** Those whose speed is known. */
  readonly evaluations: () => readonly Evaluation[];
}

export type FormState = Pick<
  EvaluateSnapshot,
  'opened' | 'description' | 'preview' | 'previewRow' | 'problems' | 'estimate'
>;

/** A request that is being written: what its data are, what is wrong with it, and what a row becomes. */
export class EvaluateForm extends Disposable {
  readonly events = new EventEmitter<{ change: [Partial<FormState>] }>();
  readonly #parts: EvaluateFormParts;
  readonly #opened = new Asking<OpenedDataset>('Reading the file', opened => this.#tell({ opened }));
  readonly #description = new Asking<DatasetDescription>('Counting labels', description => this.#tell({ description }));
  readonly #preview = new Asking<PromptPreview>('Encoding a row', preview => this.#tell({ preview }));
  #request: EvaluationRequest;
  #previewRow = 0;
  #problems: readonly EvaluationProblem[] = [];
  #estimate: EvaluationEstimate | null = null;
  #settling: NodeJS.Timeout | undefined;
  #reading = 0;

  constructor(parts: EvaluateFormParts, request: EvaluationRequest) {
    super();
    this.#parts = parts;
    this.#request = request;
    this._register({ dispose: () => clearTimeout(this.#settling) });
    const askings = [this.#opened, this.#description, this.#preview];
    this._register({ dispose: () => askings.forEach(asking => asking.cancel()) });
    this._register({ dispose: () => this.events.removeAllListeners() });
  }

  get request(): EvaluationRequest {
    return this.#request;
  }

  get state(): FormState {
    return {
      opened: this.#opened.asked,
      description: this.#description.asked,
      preview: this.#preview.asked,
      previewRow: this.#previewRow,
      problems: this.#problems,
      estimate: this.#estimate,
    };
  }

  edit(request: EvaluationRequest): void {
    this.#request = request;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.read(), SETTLE_MILLISECONDS);
  }

  /** The request as it would begin with another task: what is common stays. */
  withTask(task: TaskName): EvaluationRequest {
    const { dataset, models = [], part = null, precision } = this.#request;
    const kept = precision && task !== 'judge' ? { precision } : {};
    const opened = this.#opened.asked.value;
    if (!opened) return { task, dataset, models, part, ...kept };
    const labels = this.#description.asked.value?.classes?.map(({ label }) => label) ?? [];
    const classifies = this.#entry(models[0])?.labels !== undefined;
    return { ...firstEvaluation(task, { dataset, opened, labels: labels.sort(), models, classifies, part }), ...kept };
  }

  async showRow(row: number): Promise<void> {
    this.#previewRow = row;
    this.#tell({ previewRow: row });
    await this.#readPreview();
  }

  /** Looks at the file, counts labels where they are told apart, estimates, and shows a row as the model is given it. */
  async read(): Promise<void> {
    const reading = ++this.#reading;
    const { dataset, task } = this.#request;
    const data = { model: 'active', dataset };
    const opened = await this.#opened.ask(call => this.#parts.engine.openDataset(data, call));
    if (reading !== this.#reading || !opened) return;
    this.#problems = evaluationProblems(this.#request, opened);
    this.#estimate = this.#estimated(opened);
    this.#tell({ problems: this.#problems, estimate: this.#estimate });
    await this.#readPreview();
    if (task !== 'prompt' || reading !== this.#reading) return;
    await this.#description.ask(call =>
      this.#parts.engine.describeDataset({ ...data, method: 'classification' }, call),
    );
  }

  async #readPreview(): Promise<void> {
    const request = this.#request;
    if (request.task !== 'prompt' || evaluationProblems(request, null).length > 0) return this.#preview.clear();
    await this.#preview.ask(call => this.#parts.engine.previewPrompt({ request, row: this.#previewRow }, call));
  }

  #estimated(opened: OpenedDataset): EvaluationEstimate {
    const { models = [] } = this.#request;
    const parameters = models.map(model => this.#entry(model)?.parameters ?? 124e6);
    const asked = askedPrecisions(this.#request);
    const precisions = models.map((model, at) => asked[at] ?? this.#entry(model)?.precision ?? 'f32');
    const measured = measuredBefore(this.#request, precisions, this.#parts.evaluations());
    return estimateEvaluation(this.#request, parameters, {
      available: opened.rows,
      threads: availableParallelism(),
      measured,
    });
  }

  #entry(model: string | undefined): ModelEntry | undefined {
    return this.#parts.models().find(({ id, folder }) => id === model || folder === model);
  }

  #tell(changes: Partial<FormState>): void {
    this.events.emit('change', changes);
  }
}

/** What the latest evaluation of the same task and models, in the same precisions, took on this machine. */
function measuredBefore(
  { task, models = [] }: EvaluationRequest,
  precisions: readonly Precision[],
  evaluations: readonly Evaluation[],
): MeasuredEvaluation | undefined {
  const like = evaluations.find(
    ({ request, status }) =>
      request?.task === task &&
      JSON.stringify(request.models ?? []) === JSON.stringify(models) &&
      precisions.every((one, at) => one === (status?.precisions?.[at] ?? 'f32')) &&
      status?.host === hostname() &&
      status.rowsDone > 0,
  );
  if (!like?.status) return undefined;
  return { title: like.title, secondsPerRow: like.status.elapsedSeconds / like.status.rowsDone };
}
