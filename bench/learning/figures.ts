import type { MetricsLine, SampleLine } from '../../src/protocol/run/folder.ts';
import type { RunRequest } from '../../src/protocol/run/spec.ts';

/** What is kept of a run: bench/results/learning.json holds all of them. */
export interface LearningRun {
  readonly study: string;
  readonly experiment: string;
  readonly seed: number;
  readonly request: RunRequest;
  readonly wallSeconds: number;
  readonly steps: number;
  readonly peakMemoryBytes?: number;
  /** Rows that no run trains on. */
  readonly rows?: { readonly test: number };
  /** The run that came first, where one did. */
  readonly before?: { readonly wallSeconds: number; readonly peakMemoryBytes: number };
  /** Of each part, at the end. */
  readonly final: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By metric: [step, value]. Kept of each experiment's first seed. */
  readonly curves?: Readonly<Record<string, ReadonlyArray<readonly [number, number]>>>;
  /** Mean scores of a policy's answers to the same validation rows, before the first step and after the last. */
  readonly scores?: { readonly before: number; readonly after: number };
  /** What the model wrote before training and at its end. */
  readonly samples?: { readonly before: readonly SampleLine[]; readonly after: readonly SampleLine[] };
}

const KEPT = ['loss', 'evalLoss', 'evalAccuracy', 'scoreMean', 'kl', 'entropy', 'evalKl'];

export const curvesOf = (metrics: readonly MetricsLine[]): NonNullable<LearningRun['curves']> =>
  Object.fromEntries(
    KEPT.map(name => [name, metrics.flatMap(line => pointOf(line, name))] as const).filter(
      ([, points]) => points.length > 0,
    ),
  );

/** Of a run that has no policy: nothing. */
export function scoresOf(metrics: readonly MetricsLine[]): Pick<LearningRun, 'scores'> {
  const evaluated = metrics.flatMap(line => pointOf(line, 'evalScoreMean'));
  const [first, last] = [evaluated[0], evaluated.at(-1)];
  return first && last ? { scores: { before: first[1], after: last[1] } } : {};
}

function pointOf(line: MetricsLine, name: string): Array<readonly [number, number]> {
  const value = line[name];
  return value === undefined ? [] : [[line.step, Number(value.toPrecision(5))]];
}

/** The first and the last evaluation's samples. */
export function samplesOf(samples: readonly SampleLine[]): NonNullable<LearningRun['samples']> {
  const last = samples.at(-1)?.step;
  return { before: samples.filter(({ step }) => step === 0), after: samples.filter(({ step }) => step === last) };
}
