import { share } from '../../src/protocol/evaluation/share.ts';
import type { LearningRun } from './figures.ts';

/** Rows that a figure is over; shares of them have an interval. */
const testRows = ({ rows }: LearningRun): number => rows?.test ?? 0;

/**
 * Of policies that answer prompts: what answers are worth, and how far the policy went for it. Before and after are of the
 * same rows, those of the evaluations; the test part is asked once, at the end.
 */
export function policies(runs: readonly LearningRun[]): string {
  const rows = runs.map(({ experiment, seed, scores, final, wallSeconds, peakMemoryBytes }) => {
    const { scoreMean, kl, entropy } = final['test'] ?? {};
    const figures = [scores?.before, scores?.after, scoreMean, kl, entropy].map(figure => figure?.toFixed(2) ?? '');
    return `| ${[experiment, seed, ...figures, `${wallSeconds.toFixed(0)} s`, memory(peakMemoryBytes)].join(' | ')} |`;
  });
  return [
    '| run | seed | validation score before | after | test score after | KL, nats (test) | entropy, nats (test) | time | memory |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
    'The validation scores are of the first rows of that part, as many as a step has; the test score is of all test rows, which nothing was asked of before.',
  ].join('\n');
}

/** Of runs that learn from pairs: how many that they never saw they put the right way round. */
export function preferred(runs: readonly LearningRun[]): string {
  const rows = runs.map(run => {
    const accuracy = run.final['test']?.['rewardsAccuracy'] ?? run.final['test']?.['accuracy'] ?? Number.NaN;
    const trials = testRows(run);
    const { low, high } = share(Math.round(accuracy * trials), trials);
    const interval = `${low.toFixed(3)} to ${high.toFixed(3)}`;
    const stages = run.wallSeconds.toFixed(0);
    return `| ${run.experiment} | ${run.seed} | ${accuracy.toFixed(3)} | ${interval} of ${trials} | ${stages} s | ${memory(run.peakMemoryBytes)} |`;
  });
  return [
    '| run | seed | accuracy on held-out pairs | 95 % interval | time | memory |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const memory = (bytes: number | undefined): string => (bytes === undefined ? '' : `${(bytes / 1e9).toFixed(1)} GB`);
