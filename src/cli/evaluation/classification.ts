import type { ClassificationResult } from '../../protocol/evaluation/folder.ts';
import { isLabelled } from '../../protocol/evaluation/rows.ts';
import { figure, type Output, percent, table } from '../output.ts';
import type { Outcome } from './task.ts';

/** contracts.md section 6, with the accuracy's 95 % interval and how well confidence tells it. */
export function classificationOutput({ result, rows }: Outcome): Output {
  const found = result as ClassificationResult;
  const { accuracy, confusion, classes, calibration, expectedCalibrationError } = found;
  const labelled = rows.filter(isLabelled);
  const json = {
    accuracy: accuracy.value,
    interval: [accuracy.low, accuracy.high],
    confusion,
    classes,
    calibration,
    expectedCalibrationError,
    rows: labelled.map(({ row, label, predicted, scores }) => ({ row, label, predicted, scores })),
  };
  return { json, text: () => describe(found) };
}

function describe({
  accuracy,
  confusion: { labels, counts },
  classes,
  expectedCalibrationError,
}: ClassificationResult): string {
  const share = (value: number | null): string => (value === null ? '–' : percent(value));
  const figures = classes.map(({ label, precision, recall, f1, support }) => [
    share(precision),
    share(recall),
    share(f1),
    `${support}`,
    label,
  ]);
  const right = ['right', 'right', 'right', 'right', 'left'] as const;
  const perClass = table(['precision', 'recall', 'F1', 'rows', 'label'], figures, right);
  const confused = labels.map((label, at) => [...(counts[at] ?? []).map(String), `is ${label}`]);
  const matrix = table([...labels.map(label => `as ${label}`), ''], confused, [
    ...labels.map(() => 'right' as const),
    'left' as const,
  ]);
  const { value, low, high, count } = accuracy;
  const first = `accuracy ${percent(value)} of ${count} rows (95 % interval ${percent(low)} to ${percent(high)})`;
  const second = `expected calibration error ${figure(expectedCalibrationError, 3)}`;
  return `${first}\n${second}\n\n${perClass}\n\n${matrix}`;
}
