import { Reasoned } from '../protocol/result.ts';
import type { Part } from '../protocol/run/spec.ts';
import { batched } from './batches.ts';
import { type Examples, rowCount } from './examples/examples.ts';
import { type Means, meansOf } from './figures.ts';
import type { Learner } from './learner.ts';

export interface Evaluated extends Means {
  /** The label of each row as the model has it, where rows have labels. */
  readonly predictions: readonly number[];
}

export interface EvaluationOptions {
  readonly batchSize: number;
  /** The first so many batches in file order; null: all. */
  readonly batches: number | null;
  readonly signal: AbortSignal;
  /** Called before each batch, since the native call that follows keeps all else waiting. */
  breathe(): Promise<void>;
  /** So many rows more are done. */
  onRows?(rows: number): void;
}

/**
 * The model's figures on a part of the data; undefined where there is no such part, or where the signal came first.
 * @throws Reasoned `loss-not-a-number`
 */
export async function evaluatePart(
  learner: Learner,
  examples: Examples | null,
  { batchSize, batches, signal, breathe, onRows }: EvaluationOptions,
): Promise<Evaluated | undefined> {
  if (!examples) return undefined;
  const most = Math.min(rowCount(examples), batches === null ? Number.POSITIVE_INFINITY : batches * batchSize);
  const results = [];
  for (const rows of batched([...Array(most).keys()], batchSize)) {
    await breathe();
    if (signal.aborted) return undefined;
    results.push(await learner.evaluate({ examples, rows }));
    onRows?.(rows.length);
  }
  const means = meansOf(results);
  if (!Number.isFinite(means.loss)) throw evaluationNotANumber(means.loss);
  return { ...means, predictions: results.flatMap(({ predictions = [] }) => predictions) };
}

/** The prepared examples; null: the split leaves that part out. */
export type Parts = Readonly<Record<Part, Examples | null> & { train: Examples }>;

/** How the figures of an evaluation are called: `evalLoss`, `evalAccuracy`; on the training rows `trainEvalLoss`, `trainAccuracy`. */
const NAMES: ReadonlyArray<{ readonly part: Part; readonly loss: string; readonly prefix: string }> = [
  { part: 'validation', loss: 'evalLoss', prefix: 'eval' },
  { part: 'train', loss: 'trainEvalLoss', prefix: 'train' },
];

/** The figures of an evaluation under their names in metrics.jsonl; undefined where the signal came first. */
export async function evaluationFigures(
  learner: Learner,
  parts: Parts,
  options: EvaluationOptions,
): Promise<Record<string, number> | undefined> {
  const figures: Record<string, number> = {};
  for (const { part, loss, prefix } of NAMES) {
    const evaluated = await evaluatePart(learner, parts[part], options);
    if (options.signal.aborted) return undefined;
    if (!evaluated) continue;
    figures[loss] = evaluated.loss;
    for (const [name, value] of Object.entries(evaluated.others)) figures[`${prefix}${capitalized(name)}`] = value;
  }
  return figures;
}

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const evaluationNotANumber = (loss: number): Reasoned =>
  new Reasoned(
    'loss-not-a-number',
    `The model’s loss became ${loss} in an evaluation.`,
    'Lower training.learningRate or add a warm-up, and resume from a checkpoint or start anew.',
  );
