import { join } from 'node:path';
import { writeAtomically } from '../../models/atomicFile.ts';
import type { OnProgress } from '../../protocol/engine.ts';
import { progressMeter } from '../../protocol/progress.ts';
import { RUN_FILES, type RunResult } from '../../protocol/run/folder.ts';
import { PARTS } from '../../protocol/run/names.ts';
import type { Part, RunSpec } from '../../protocol/run/spec.ts';
import { type Evaluated, evaluatePart, type Parts } from '../evaluation.ts';
import { type Examples, rowCount } from '../examples/examples.ts';
import type { Ending } from '../loop.ts';
import { peakMemory, type Recorded } from './record.ts';
import { specHash } from './specFile.ts';

type Confusion = NonNullable<NonNullable<RunResult['confusion']>[Part]>;

export interface FinishOptions {
  readonly parts: Parts;
  readonly signal: AbortSignal;
  /** Seconds in all sessions of the run. */
  elapsedSeconds(): number;
  readonly onProgress: OnProgress;
  breathe(): Promise<void>;
}

/** Evaluates the trained model on all of each part and writes result.json; undefined where the signal came first. */
export async function writeResult(
  run: Recorded,
  { reason, state }: Ending,
  { parts, elapsedSeconds, ...options }: FinishOptions,
): Promise<RunResult | undefined> {
  const { patience } = run.spec.training;
  const evaluations: Array<readonly [Part, Evaluated]> = [];
  for (const part of PARTS) {
    const evaluated = await evaluateAll(run, part, parts[part], options);
    if (options.signal.aborted) return undefined;
    if (evaluated) evaluations.push([part, evaluated]);
  }
  const { best } = state;
  const early =
    best && reason === 'patience'
      ? [`Ended after step ${state.step}: ${best.metric} had not improved in ${patience} evaluations.`]
      : [];
  const confusion = evaluations.flatMap(([part, evaluated]) => {
    const counted = confusionOf(evaluated.predictions, parts[part]?.labels ?? null, labelsOf(run.spec));
    return counted ? [[part, counted] as const] : [];
  });
  const result: RunResult = {
    metrics: Object.fromEntries(evaluations.map(([part, { loss, others }]) => [part, { loss, ...others }])),
    steps: state.step,
    wallSeconds: elapsedSeconds(),
    peakMemoryBytes: peakMemory(run.peakMemoryBytes),
    specHash: await specHash(run.folder),
    ...(confusion.length > 0 && { confusion: Object.fromEntries(confusion) }),
    ...(best && run.spec.training.keepBest !== null && { bestStep: best.step }),
    notes: [...early, ...run.learner.notes],
  };
  const json = `${JSON.stringify(result, null, 2)}\n`;
  await writeAtomically(join(run.folder, RUN_FILES.result), handle => handle.writeFile(json));
  return result;
}

function evaluateAll(
  { learner, spec }: Recorded,
  part: Part,
  examples: Examples | null,
  { signal, breathe, onProgress }: Omit<FinishOptions, 'parts' | 'elapsedSeconds'>,
): Promise<Evaluated | undefined> {
  const total = examples ? rowCount(examples) : 0;
  const meter = progressMeter({ message: `Evaluating all of ${part}`, unit: 'rows', total }, onProgress);
  const { batchSize } = spec.training;
  return evaluatePart(learner, examples, { batchSize, batches: null, signal, breathe, onRows: meter.add });
}

/** The names of the labels that prepared rows have, in their order. */
const labelsOf = ({ sft, classification }: RunSpec): readonly string[] =>
  sft.labelWords ? Object.keys(sft.labelWords) : (classification.labels ?? []);

/** How often a row of each label (down) was given each (across); undefined where rows have none. */
function confusionOf(
  predictions: readonly number[],
  truths: readonly number[] | null,
  labels: readonly string[],
): Confusion | undefined {
  if (predictions.length === 0 || !truths) return undefined;
  const counts = labels.map(() => labels.map(() => 0));
  for (const [row, predicted] of predictions.entries()) {
    const line = counts[truths[row] as number] as number[];
    line[predicted] = (line[predicted] ?? 0) + 1;
  }
  return { labels, counts };
}
