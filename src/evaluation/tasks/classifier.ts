import type { ClassificationResult, LabelledRow, LeftOutRow } from '../../protocol/evaluation/folder.ts';
import { Reasoned } from '../../protocol/result.ts';
import { examplesModel } from '../../training/examples/model.ts';
import { completed, rowEncoder } from '../../training/examples/rows.ts';
import { isLeftOut, type RowTexts } from '../../training/examples/rowTexts.ts';
import type { ViewRow } from '../../data/view.ts';
import { classifyTexts } from '../classify/classify.ts';
import { readHead } from '../classify/head.ts';
import { classificationFigures } from '../statistics/classification.ts';
import { type Evaluator, firstModel, rowBase, shownText, type Task, type TaskSetting } from '../task.ts';

/** How well a fine-tuned classifier tells the rows' labels. */
export const classifier: Task<LabelledRow> = {
  name: 'classifier',
  doing: 'Classifying',
  models: ({ models }) => models.slice(0, 1),
  linesOfRow: () => 1,
  open,
};

/** A row as a classifier reads it. */
interface LabelledText {
  readonly row: ViewRow;
  readonly text: string;
  readonly label: string;
}

async function open({ spec, rows, models, signal }: TaskSetting): Promise<Evaluator<LabelledRow>> {
  const { entry, model, tokenizer } = firstModel(models);
  const { labels, ...head } = await readHead(entry.folder, model.config.width);
  const request = { model: entry.folder, dataset: spec.dataset, method: 'classification' } as const;
  const encoder = rowEncoder(
    completed(request, rows.dataset.roles),
    rows.dataset,
    await examplesModel(entry.folder, tokenizer),
  );
  return {
    rowsAtOnce: 256,
    async *evaluate(batch) {
      const leftOut: LeftOutRow[] = [];
      const labelled: LabelledText[] = [];
      for (const row of batch) {
        const texts = encoder.texts(row);
        if (isLeftOut(texts)) leftOut.push({ ...rowBase(row), leftOut: texts.leftOut });
        else labelled.push({ row, ...labelledText(texts, row.row, labels) });
      }
      if (leftOut.length > 0) yield leftOut;
      const texts = labelled.map(({ text }) => text);
      const found = await classifyTexts(model, tokenizer, { ...head, labels }, texts, { signal });
      yield labelled.map(({ row, text, label }, at) => {
        const { label: predicted, probabilities, cutTokens } = found[at] as (typeof found)[number];
        const scores = Object.fromEntries(labels.map((one, at) => [one, probabilities[at] as number]));
        const cut = cutTokens > 0 && { cutTokens };
        return { ...rowBase(row), label, predicted, scores, text: shownText(text), ...cut };
      });
    },
    async summarise(found): Promise<ClassificationResult> {
      const figures = await classificationFigures(labels, found, row => row.scores[row.predicted] as number);
      if (figures.accuracy.count === 0) throw nothingToClassify(spec.dataset.file);
      return { task: 'classifier', ...figures };
    },
  };
}

function labelledText(
  { sequences, label = '' }: RowTexts,
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
