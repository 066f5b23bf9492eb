import type { JudgedRow, JudgeResult } from '../../protocol/evaluation/folder.ts';
import type { JudgeTask } from '../../protocol/evaluation/request.ts';
import { type ChosenColumn, chosenColumn } from '../columns.ts';
import { judgeQuestion } from '../judge/questions.ts';
import { requireJudge, verdicts } from '../judge/verdicts.ts';
import { type Mean, mean } from '../statistics/mean.ts';
import { type Evaluator, rowBase, type Task, type TaskSetting } from '../task.ts';

/** What another model thinks of responses. */
export const judge: Task<JudgedRow> = {
  name: 'judge',
  doing: 'Judging',
  models: () => [],
  linesOfRow: ({ judge }) => judge?.columns.length ?? 1,
  open,
};

async function open({ spec, rows, signal, judges }: TaskSetting): Promise<Evaluator<JudgedRow>> {
  const task = spec.judge as JudgeTask;
  const columns = task.columns.map(name => chosenColumn(name, rows.dataset, 'judge.columns'));
  const question = judgeQuestion(task, rows.dataset);
  await requireJudge(task, judges);
  return {
    rowsAtOnce: 64,
    async *evaluate(batch) {
      const items = batch.map(row => ({
        item: row,
        responses: columns.map(({ text }) => {
          const response = text(row.cells);
          return { response, question: question(row, response) };
        }),
      }));
      for await (const found of verdicts(task, items, judges, signal)) {
        yield found.verdicts.map((verdict, at) => {
          const { name, text } = columns[at] as ChosenColumn;
          return { ...rowBase(found.item), column: name, response: text(found.item.cells), ...verdict };
        });
      }
    },
    async summarise(found) {
      const counters = new Map(columns.map(({ name }) => [name, scoreCounter()]));
      for await (const { column, score } of found) counters.get(column)?.add(score);
      return { task: 'judge', columns: [...counters].map(([column, { result }]) => ({ column, ...result() })) };
    },
  };
}

function scoreCounter() {
  const scores: Mean = mean();
  const histogram = new Array<number>(10).fill(0);
  let [asked, scored] = [0, 0];
  return {
    add(score: number | null): void {
      asked += 1;
      if (score === null) return;
      scored += 1;
      scores.add(score);
      const bar = Math.min(9, Math.floor(score / 10));
      histogram[bar] = (histogram[bar] as number) + 1;
    },
    result: (): Omit<JudgeResult['columns'][number], 'column'> => ({
      asked,
      scored,
      mean: scores.estimate(),
      histogram,
    }),
  };
}
