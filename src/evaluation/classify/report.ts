import type { ClassifierReport } from '../../protocol/classify.ts';

type Rows = ClassifierReport['rows'];

/** Accuracy, confusion, and precision, recall and F1 of each label, over rows with what was predicted for them. */
export function reportOf(labels: readonly string[], rows: Rows): Omit<ClassifierReport, 'leftOut'> {
  const places = new Map(labels.map((label, place) => [label, place]));
  const counts = labels.map(() => labels.map(() => 0));
  for (const { label, predicted } of rows) {
    const [line, column] = [counts[places.get(label) as number] as number[], places.get(predicted) as number];
    line[column] = (line[column] as number) + 1;
  }
  const at = (row: number, column: number): number => counts[row]?.[column] ?? 0;
  const classes = labels.map((label, i) => {
    const right = at(i, i);
    const support = labels.reduce((sum, _, j) => sum + at(i, j), 0);
    const predicted = labels.reduce((sum, _, j) => sum + at(j, i), 0);
    const [precision, recall] = [share(right, predicted), share(right, support)];
    return { label, precision, recall, f1: share(2 * right, predicted + support), support };
  });
  const right = labels.reduce((sum, _, i) => sum + at(i, i), 0);
  return { accuracy: right / rows.length, confusion: { labels, counts }, classes, rows };
}

const share = (part: number, all: number): number | null => (all === 0 ? null : part / all);
