import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { LabelledRow } from '../../src/protocol/evaluation/folder.ts';
import type { PromptTask } from '../../src/protocol/evaluation/request.ts';
import { valueOf } from '../../src/protocol/result.ts';
import { testEngine } from './engine.ts';

type Row = { readonly scores: Readonly<Record<string, number>>; readonly cutTokens: number } | null;

const FIXTURES = path.resolve('test/parity/evaluation/fixtures');
const expected = JSON.parse(await readFile(path.join(FIXTURES, 'expected.json'), 'utf8')) as {
  readonly rows: number;
  readonly cases: ReadonlyArray<{
    readonly name: string;
    readonly model: string;
    readonly task: PromptTask;
    /** One for each order that the examples may stand in. */
    readonly orders: ReadonlyArray<readonly Row[]>;
  }>;
};

/** Of a log-likelihood; relative where it is larger than 1. */
const CLOSE = 1e-4;

const engine = testEngine();
let largest = 0;
afterAll(() => console.log(`Largest difference of a score: ${largest.toExponential(1)}`));

test.each(expected.cases)('$name', async ({ model, task, orders }) => {
  const { rows } = await valueOf(
    engine.evaluateRows({
      task: 'prompt',
      models: [path.resolve(model)],
      dataset: { file: path.join(FIXTURES, 'rows.jsonl') },
      rows: expected.rows,
      device: 'cpu',
      prompt: task,
    }),
  );
  const differences = orders.map(order => differenceOf(rows as LabelledRow[], order));
  const difference = Math.min(...differences);
  expect(difference).toBeLessThan(CLOSE);
  largest = Math.max(largest, difference);
});

/** The largest difference; Infinity where other rows were left out or cut. */
function differenceOf(rows: readonly LabelledRow[], wanted: readonly Row[]): number {
  return Math.max(
    ...wanted.flatMap((row, at) => {
      const found = rows[at] as LabelledRow;
      if (row === null) return 'leftOut' in found ? 0 : Number.POSITIVE_INFINITY;
      if ((found.cutTokens ?? 0) !== row.cutTokens) return Number.POSITIVE_INFINITY;
      return Object.entries(row.scores).map(([label, score]) => {
        return Math.abs((found.scores[label] ?? Number.NaN) - score) / Math.max(1, Math.abs(score));
      });
    }),
  );
}
