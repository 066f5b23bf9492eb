import { expect, it } from 'vitest';
import { classificationFigures } from '../../../src/evaluation/statistics/classification.ts';

const row = (label: string, predicted: string) => ({ row: 0, label, predicted, scores: {}, text: '' });

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

// By hand: of ham 3 of 4 are found, and of the 4 taken for ham 3 are; spam 1 of 2 and 1 of 2; no eggs at all.
it('counts what was taken for what, and says so by label', async () => {
  const rows = [
    ...Array.from({ length: 3 }, () => row('ham', 'ham')),
    row('ham', 'spam'),
    row('spam', 'spam'),
    row('spam', 'ham'),
  ];
  const labels = ['ham', 'spam', 'eggs'];
  const { accuracy, confusion, classes } = await classificationFigures(labels, each(rows), () => 0.6);
  expect(accuracy).toMatchObject({ value: 4 / 6, count: 6 });
  expect(confusion.counts).toEqual([
    [3, 1, 0],
    [1, 1, 0],
    [0, 0, 0],
  ]);
  expect(classes).toEqual([
    { label: 'ham', precision: 0.75, recall: 0.75, f1: 0.75, support: 4 },
    { label: 'spam', precision: 0.5, recall: 0.5, f1: 0.5, support: 2 },
    { label: 'eggs', precision: null, recall: null, f1: null, support: 0 },
  ]);
});
