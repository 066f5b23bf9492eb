import type { ClassificationResult, LabelledRow } from '../../protocol/evaluation/folder.ts';
import type { PromptTask } from '../../protocol/evaluation/request.ts';
import { confidenceOf } from '../../protocol/evaluation/rows.ts';
import { Reasoned } from '../../protocol/result.ts';
import { labelPlace, requireWords } from '../prompt/labels.ts';
import { bestLabel, labelScores } from '../prompt/normalize.ts';
import { type PromptedRow, promptsOf } from '../prompt/prompts.ts';
import { type SequenceScore, SequenceScorer } from '../prompt/scorer.ts';
import { labelWordsOf } from '../prompt/words.ts';
import { classificationFigures } from '../statistics/classification.ts';
import { type Evaluator, firstModel, rowBase, shownText, type Task, type TaskSetting } from '../task.ts';

/** Classification without training: a row's label is the one whose word the model finds likeliest after a prompt. */
export const prompt: Task<LabelledRow> = {
  name: 'prompt',
  doing: 'Scoring',
  models: ({ models }) => models.slice(0, 1),
  linesOfRow: () => 1,
  open,
};

async function open(setting: TaskSetting): Promise<Evaluator<LabelledRow>> {
  const { spec, rows, signal } = setting;
  const task = spec.prompt as PromptTask;
  const words = labelWordsOf(task);
  await requireWords(rows, labelPlace(rows.dataset), words, signal);
  const prompts = await promptsOf(setting, task, words);
  const scorer = new SequenceScorer(firstModel(setting.models).model, signal);
  // First of all, also because all rows begin as it does: with the examples, and the template up to its first column.
  const [afterEmpty = []] = await scorer.scoreAll([prompts.empty.sequences]);
  const labels = [...words.keys()];
  const found = ({ row, label, text, cutTokens }: PromptedRow, said: readonly SequenceScore[]): LabelledRow => {
    const scores = labelScores(words, said, afterEmpty, task.normalize);
    const predicted = bestLabel(labels, scores);
    return { ...rowBase(row), label, predicted, scores, text: shownText(text), ...(cutTokens > 0 && { cutTokens }) };
  };
  return {
    rowsAtOnce: 128,
    async *evaluate(batch) {
      const read = batch.map(prompts.of);
      yield read.filter(row => 'leftOut' in row);
      const asked = read.filter(row => 'sequences' in row);
      let done = 0;
      for await (const some of scorer.score(asked.map(({ sequences }) => sequences)))
        yield some.map(said => found(asked[done++] as PromptedRow, said));
    },
    async summarise(found): Promise<ClassificationResult> {
      const figures = await classificationFigures(labels, found, row => confidenceOf(row, 'prompt'));
      if (figures.accuracy.count === 0) throw noLabels(spec.dataset.file);
      return { task: 'prompt', ...figures };
    },
  };
}

const noLabels = (file: string): Reasoned =>
  new Reasoned('dataset-empty', `${file} has no row with a label.`, 'Choose another file, or another label column.');
