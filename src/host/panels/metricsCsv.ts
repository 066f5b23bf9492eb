import type { MetricsTable } from '../../protocol/run/metrics.ts';
import { type Cell, csvOf } from './tables.ts';

/** The metrics of runs as one table: a line a row, the run in the first column, empty where a line lacks a metric. */
export function metricsCsv(runs: ReadonlyArray<{ readonly title: string; readonly metrics: MetricsTable }>): string {
  const names = [...new Set(runs.flatMap(({ metrics }) => metrics.names))];
  const rows = runs.flatMap(({ title, metrics }) =>
    Array.from({ length: metrics.length }, (_, line): Cell[] => [
      title,
      ...names.map(name => {
        const value = metrics.value(name, line);
        return Number.isNaN(value) ? null : value;
      }),
    ]),
  );
  return csvOf([['run', ...names], ...rows]);
}
