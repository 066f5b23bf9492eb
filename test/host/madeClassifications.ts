import type { EvaluatedRow, EvaluationResult } from '../../src/protocol/evaluation/folder.ts';
import type { EvaluationRequest } from '../../src/protocol/evaluation/request.ts';
import type { MadeEvaluation } from './evaluationFolders.ts';
import { around, random, sentences } from './madeParts.ts';

/** The development rows of SST-2, classified by a prompt that is right in some two thirds of them. */
export function promptEvaluation(name: string, seed: number, rows: number): MadeEvaluation {
  const draw = random(seed);
  const found = sentences.slice(0, rows).map(([text, label = '0'], row): EvaluatedRow => {
    if (row % 97 === 41)
      return { row, line: row + 2, leftOut: 'The prompt has 1,130 tokens, and the model reads 256 at most.' };
    const sure = draw() ** 2 * 3;
    const right = draw() < 0.55 + sure / 8;
    const predicted = right ? label : label === '1' ? '0' : '1';
    const scores = { [predicted]: -3 - draw(), [predicted === '1' ? '0' : '1']: -3 - draw() - sure };
    return { row, line: row + 2, label, predicted, scores: { 0: scores['0'] ?? 0, 1: scores['1'] ?? 0 }, text };
  });
  const labelled = found.filter(row => 'predicted' in row);
  const count = (label: string, predicted: string): number =>
    labelled.filter(row => row.label === label && row.predicted === predicted).length;
  const counts = [
    [count('0', '0'), count('0', '1')],
    [count('1', '0'), count('1', '1')],
  ] as const;
  const accuracy = (counts[0][0] + counts[1][1]) / labelled.length;
  return {
    name,
    request: {
      task: 'prompt',
      models: ['starter'],
      dataset: { file: '../../../SST-2/dev.tsv', columns: { text: 'sentence', label: 'label' } },
      part: null,
      rows: rows === sentences.length ? null : rows,
      device: 'auto',
      prompt: {
        prompt: '{{ sentence | trim }}\nSentiment:',
        labelWords: { 0: ' negative', 1: [' positive', ' good'] },
        score: 'label',
        apart: false,
        normalize: 'sum',
        shots: 0,
        seed: 123,
      },
    },
    rows: found,
    state: 'finished',
    rowsTotal: found.length,
    result: {
      task: 'prompt',
      wallSeconds: 12.4,
      rows: labelled.length,
      leftOut: found.length - labelled.length,
      accuracy: around(accuracy, 0.031, labelled.length),
      confusion: { labels: ['0', '1'], counts },
      classes: [
        { label: '0', precision: 0.6412, recall: 0.6121, f1: 0.6263, support: counts[0][0] + counts[0][1] },
        { label: '1', precision: 0.6381, recall: 0.6667, f1: 0.6521, support: counts[1][0] + counts[1][1] },
      ],
      calibration: [0.5, 0.6, 0.7, 0.8, 0.9].map((from, i) => ({
        from,
        to: from + 0.1,
        rows: 160 - 24 * i,
        confidence: from + 0.05,
        accuracy: 0.52 + 0.06 * i,
      })),
      expectedCalibrationError: 0.082,
      cutRows: 3,
    },
  };
}

/** Of a classifier with many labels whose names are long. */
export function manyLabels(): MadeEvaluation {
  const labels = Array.from(
    { length: 14 },
    (_, i) => `${['billing', 'delivery', 'a very long label that says what it means at length'][i % 3]} ${i}`,
  );
  const draw = random(8);
  const rows = Array.from({ length: 700 }, (_, row): EvaluatedRow => {
    const label = labels[Math.floor(draw() * 14)] ?? '';
    const predicted = draw() < 0.7 ? label : (labels[Math.floor(draw() * 14)] ?? '');
    const sure = 0.4 + 0.6 * draw();
    const scores = Object.fromEntries(labels.map(one => [one, one === predicted ? sure : (1 - sure) / 13]));
    return { row, line: row + 2, label, predicted, scores, text: `message ${row} ${'that goes on '.repeat(row % 40)}` };
  });
  const evaluation = promptEvaluation('', 1, 10);
  const request: EvaluationRequest = {
    task: 'classifier',
    models: ['support-classifier'],
    dataset: { file: '../../../messages.csv' },
  };
  const labelled = rows.filter(row => 'predicted' in row);
  const counts = labels.map(label =>
    labels.map(predicted => labelled.filter(row => row.label === label && row.predicted === predicted).length),
  );
  const result = {
    ...evaluation.result,
    task: 'classifier',
    rows: 700,
    leftOut: 0,
    confusion: { labels, counts },
    accuracy: around(0.72, 0.033, 700),
    classes: labels.map(label => ({ label, precision: 0.71, recall: 0.7, f1: 0.705, support: 50 })),
  } as EvaluationResult;
  return { name: '2026-11-25T16-00-00-messages-classifier', request, rows, rowsTotal: 700, state: 'finished', result };
}
