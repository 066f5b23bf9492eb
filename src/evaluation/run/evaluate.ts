import type { ViewRow } from '../../data/view.ts';
import type { Call, ModelChoice, OnProgress } from '../../protocol/engine.ts';
import type { EvaluatedRow, EvaluationResult } from '../../protocol/evaluation/folder.ts';
import type { EvaluationSpec } from '../../protocol/evaluation/request.ts';
import { placeOf } from '../../protocol/precision.ts';
import { askedPrecisions, modelNames } from '../../protocol/evaluation/modelNames.ts';
import { progressMeter } from '../../protocol/progress.ts';
import { isLeftOut } from '../../protocol/evaluation/rows.ts';
import { Reasoned } from '../../protocol/result.ts';
import { breathe } from '../../scoring/evaluate.ts';
import type { JudgeAccess } from '../judge/judge.ts';
import { type EvaluationRows, readRows } from '../rows.ts';
import { type Evaluator, type HeldModel, type Task } from '../task.ts';
import { taskOf } from '../tasks/index.ts';
import { withSignsOfLife } from './signsOfLife.ts';
import type { EvaluationRecord } from './record.ts';

/** A model of a request, and what it is called in what is found. */
export interface HeldChoice extends ModelChoice {
  readonly name: string;
}

/** What an evaluation needs of whoever has datasets and models; each stays open until the work is done. */
export interface EvaluationTools {
  withRows<T>(spec: EvaluationSpec, call: Call, work: (rows: EvaluationRows) => Promise<T>): Promise<T>;
  readonly judges: JudgeAccess;
  /** The id of the model that is active now. */
  activeModel(): Promise<string>;
  withModels<T>(
    choices: readonly HeldChoice[],
    call: Call,
    work: (models: readonly HeldModel[]) => Promise<T>,
  ): Promise<T>;
}

/**
 * Evaluates the rows that are not done yet, and sums up all. What is found is kept before more is evaluated.
 * @throws Reasoned `cancelled`, `dataset-empty`, and the reasons of the task, its models and its dataset
 */
export function evaluate(
  spec: EvaluationSpec,
  tools: EvaluationTools,
  record: EvaluationRecord,
  { signal, onProgress }: Call,
): Promise<EvaluationResult> {
  const task = taskOf(spec.task);
  const started = performance.now();
  const elapsedSeconds = (): number => record.elapsedSeconds + (performance.now() - started) / 1000;
  const preparing: OnProgress = progress => {
    record.note({ message: progress.message, elapsedSeconds: elapsedSeconds() });
    onProgress?.(progress);
  };
  const call = { ...(signal && { signal }), onProgress: preparing };
  return tools.withRows(spec, call, rows => {
    if (rows.count === 0) throw noRows(spec);
    return tools.withModels(choicesOf(task.models(spec), spec), call, async models => {
      const precisions = models.slice(0, spec.models.length).map(({ model }) => model.device.precision);
      record.note({ device: placesOf(models), precisions, rowsTotal: rows.count });
      const evaluator = await task.open({ spec, rows, models, judges: tools.judges, ...call });
      const telling: OnProgress = progress => {
        const { message, done: rowsDone, secondsLeft } = progress;
        const left = secondsLeft === undefined ? {} : { secondsLeft };
        record.note({ message, rowsDone, ...left, elapsedSeconds: elapsedSeconds() });
        onProgress?.(progress);
      };
      await evaluateRest(task, evaluator, rows, record, { ...call, onProgress: telling });
      return finished(evaluator, record, elapsedSeconds);
    });
  });
}

/** The request's own models come first; others run where those do that have no device of their own. */
export function choicesOf(names: readonly string[], spec: EvaluationSpec): HeldChoice[] {
  const { device, devices } = spec;
  const [own, asked] = [modelNames(spec), askedPrecisions(spec)];
  return names.map((model, at) => {
    const precision = asked[at] ?? spec.precision;
    return { name: own[at] ?? model, model, device: devices?.[at] ?? device, ...(precision && { precision }) };
  });
}

async function evaluateRest(
  { doing }: Task,
  evaluator: Evaluator,
  rows: EvaluationRows,
  record: EvaluationRecord,
  { signal, onProgress }: Call,
): Promise<void> {
  const work = { message: doing, unit: 'rows', total: rows.count, before: record.done.size } as const;
  const meter = progressMeter(work, onProgress);
  for await (const batch of batches(rows, record.done, evaluator.rowsAtOnce, signal)) {
    for await (const found of withSignsOfLife(evaluator.evaluate(batch))) {
      if (!found) {
        meter.alive();
        continue;
      }
      await record.append(found);
      meter.add(new Set(found.map(({ row }) => row)).size);
    }
  }
}

/** The rows that are not done yet. */
async function* batches(
  rows: EvaluationRows,
  done: ReadonlySet<number>,
  size: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ViewRow[]> {
  const batch: ViewRow[] = [];
  for (let from = 0; from < rows.count; ) {
    await breathe(signal);
    const read = readRows(rows, from, size);
    from += read.length;
    batch.push(...read.filter(({ row }) => !done.has(row)));
    while (batch.length >= size) yield batch.splice(0, size);
  }
  if (batch.length > 0) yield batch;
}

async function finished(
  evaluator: Evaluator,
  record: EvaluationRecord,
  elapsedSeconds: () => number,
): Promise<EvaluationResult> {
  const counts = { rows: new Set<number>(), leftOut: 0 };
  const whole = async function* (): AsyncGenerator<EvaluatedRow> {
    for await (const row of record.rows()) if (!isLeftOut(row)) yield row;
  };
  const counted = async function* (): AsyncGenerator<EvaluatedRow> {
    for await (const row of record.rows()) {
      if (isLeftOut(row)) counts.leftOut++;
      else {
        counts.rows.add(row.row);
        yield row;
      }
    }
  };
  const found = await evaluator.summarise(counted());
  if (record.folder !== null) await evaluator.save?.(record.folder, whole);
  return { ...found, wallSeconds: elapsedSeconds(), rows: counts.rows.size, leftOut: counts.leftOut };
}

/** Where the models run, each place once. */
const placesOf = (models: readonly HeldModel[]): string =>
  [...new Set(models.map(({ model }) => placeOf(model.device)))].join(', ');

const noRows = ({ dataset, part }: EvaluationSpec): Reasoned =>
  new Reasoned(
    'dataset-empty',
    `"${dataset.file}" has no rows${part === null ? '' : ` in its part ${part}`} to evaluate.`,
    'Choose another file, other steps, or another part of its split.',
  );
