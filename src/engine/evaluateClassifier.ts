import { classifyTexts } from '../evaluation/classify/classify.ts';
import type { ClassifierHead } from '../evaluation/classify/head.ts';
import { reportOf } from '../evaluation/classify/report.ts';
import type { ClassifierReport, EvaluateClassifierRequest } from '../protocol/classify.ts';
import type { Call } from '../protocol/engine.ts';
import { progressMeter } from '../protocol/progress.ts';
import { Reasoned, throwIfAborted } from '../protocol/result.ts';
import { isLeftOut } from '../training/examples/rowTexts.ts';
import { type DatasetSetting, encodingOf, withRows } from './datasets/setting.ts';
import type { Loaded } from './loadedModels.ts';

const ROWS_AT_ONCE = 256;

/** A row as a classifier reads it. */
interface LabelledText {
  readonly row: number;
  readonly text: string;
  readonly label: string;
}

/** Classifies the labelled rows of a dataset file. Throws `label-unknown`, `dataset-empty`, and what reading the file does. */
export function evaluateClassifier(
  setting: DatasetSetting,
  { model: name, dataset }: EvaluateClassifierRequest,
  { model, tokenizer }: Loaded,
  head: ClassifierHead,
  call: Call,
): Promise<ClassifierReport> {
  const request = { ...dataset, model: name, method: 'classification' } as const;
  return withRows(setting, request, call, async asked => {
    const { encoder } = await encodingOf(request, asked);
    const { view } = asked.view;
    const meter = progressMeter({ message: 'Classifying', unit: 'rows', total: view.count }, call.onProgress);
    const rows: ClassifierReport['rows'][number][] = [];
    const leftOut: ClassifierReport['leftOut'][number][] = [];
    for (let from = 0; from < view.count; from += ROWS_AT_ONCE) {
      throwIfAborted(call.signal);
      const batch = view.readBatch(from, ROWS_AT_ONCE);
      const labelled: LabelledText[] = [];
      for (const row of batch) {
        const texts = encoder.texts(row);
        if (isLeftOut(texts)) leftOut.push({ row: row.row, reason: texts.leftOut });
        else labelled.push({ row: row.row, ...labelledText(texts, row.row, head.labels) });
      }
      const texts = labelled.map(({ text }) => text);
      const found = await classifyTexts(model, tokenizer, head, texts, { signal: call.signal });
      for (const [index, { row, label }] of labelled.entries()) {
        const { label: predicted, probabilities } = found[index] as (typeof found)[number];
        const scores = Object.fromEntries(head.labels.map((one, at) => [one, probabilities[at] as number]));
        rows.push({ row, label, predicted, scores });
      }
      meter.add(batch.length);
    }
    if (rows.length === 0) throw nothingToClassify(dataset.dataset.file);
    return { ...reportOf(head.labels, rows), leftOut };
  });
}

function labelledText(
  { sequences, label = '' }: { sequences: ReadonlyArray<{ pieces: ReadonlyArray<{ text: string }> }>; label?: string },
  row: number,
  labels: readonly string[],
): Omit<LabelledText, 'row'> {
  if (!labels.includes(label)) {
    throw new Reasoned(
      'label-unknown',
      `Row ${row + 1} has the label ${JSON.stringify(label)}, and the classifier knows ${labels.join(', ')}.`,
      'Use the dataset that it was trained for, or choose another label column (dataset.columns).',
    );
  }
  return { text: (sequences[0]?.pieces ?? []).map(({ text }) => text).join(''), label };
}

const nothingToClassify = (file: string): Reasoned =>
  new Reasoned(
    'dataset-empty',
    `${file} has no row with a text and a label.`,
    'Choose another file, or other columns.',
  );
