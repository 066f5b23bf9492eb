import type { ClassificationResult, LabelledRow } from '../../protocol/evaluation/folder.ts';
import { calibration } from './calibration.ts';
import { share } from '../../protocol/evaluation/share.ts';

type Figures = Omit<ClassificationResult, 'task'>;

/**
 * Accuracy, confusion, calibration, and precision, recall and F1 of each label, over rows with what was predicted for
 * them, of which there is at least one. `confidence`: the probability of what was predicted.
 */
export async function classificationFigures(
  labels: readonly string[],
  rows: AsyncIterable<LabelledRow>,
  confidence: (row: LabelledRow) => number,
): Promise<Figures> {
  const places = new Map(labels.map((label, place) => [label, place]));
  const counts = labels.map(() => labels.map(() => 0));
  const calibrated = calibration();
  let cutRows = 0;
  for await (const row of rows) {
    const [line, column] = [counts[places.get(row.label) as number], places.get(row.predicted) as number];
    if (line) line[column] = (line[column] as number) + 1;
    if (row.cutTokens !== undefined) cutRows += 1;
    calibrated.add(confidence(row), row.label === row.predicted);
  }
  const right = labels.reduce((sum, _, i) => sum + (counts[i]?.[i] as number), 0);
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  return {
    accuracy: share(right, total),
    confusion: { labels, counts },
    classes: classesOf(labels, counts),
    calibration: calibrated.bins(),
    expectedCalibrationError: calibrated.error(),
    cutRows,
  };
}

function classesOf(labels: readonly string[], counts: ReadonlyArray<readonly number[]>): Figures['classes'] {
  const at = (row: number, column: number): number => counts[row]?.[column] as number;
  return labels.map((label, i) => {
    const right = at(i, i);
    const support = labels.reduce((sum, _, j) => sum + at(i, j), 0);
    const predicted = labels.reduce((sum, _, j) => sum + at(j, i), 0);
    const [precision, recall] = [part(right, predicted), part(right, support)];
    return { label, precision, recall, f1: part(2 * right, predicted + support), support };
  });
}

const part = (some: number, all: number): number | null => (all === 0 ? null : some / all);
