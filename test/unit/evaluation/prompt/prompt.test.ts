import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ClassificationResult, LabelledRow } from '../../../../src/protocol/evaluation/folder.ts';
import type { EvaluationRequest, PromptTask } from '../../../../src/protocol/evaluation/request.ts';
import { valueOf } from '../../../../src/protocol/result.ts';
import { TINY, testEngine } from '../../engine/testEngine.ts';

const ROWS = ['a good film\t1', 'a bad film\t0', 'good\t1', 'so bad\t0', 'it was\t0', 'fine\t1', 'no label\t'];
const WORDS = { '0': ' bad', '1': [' good', ' fine'] };

async function project(lines: readonly string[] = ROWS) {
  const { engine, folder } = await testEngine();
  const file = path.join(folder, 'rows.tsv');
  await writeFile(file, `sentence\tlabel\n${lines.join('\n')}\n`);
  const ask = (prompt: Partial<PromptTask>, change: Partial<EvaluationRequest> = {}) =>
    engine.evaluateRows({
      task: 'prompt',
      models: [TINY],
      dataset: { file },
      device: 'cpu',
      prompt: { prompt: '{{ sentence }} is', labelWords: WORDS, ...prompt },
      ...change,
    });
  return { engine, ask };
}

test('every row with a label has a score for each, and the largest is predicted', async () => {
  const { ask } = await project();
  const { result, rows } = await valueOf(ask({}));
  const found = result as ClassificationResult & typeof result;
  expect(found).toMatchObject({ task: 'prompt', rows: 6, leftOut: 1 });
  expect(rows.at(-1)).toEqual({ row: 6, line: 8, leftOut: 'its label is empty' });
  expect(found.accuracy.count).toBe(6);
  expect(found.confusion.labels).toEqual(['0', '1']);
  for (const { predicted, scores } of rows.slice(0, -1) as LabelledRow[])
    expect(scores[predicted]).toBe(Math.max(...Object.values(scores)));
});

test('the same seed draws the same examples, of the rows that are not evaluated', async () => {
  const { ask } = await project();
  const scores = async (seed: number, shots = 2) => {
    const { rows } = await valueOf(ask({ shots, seed }, { rows: 2 }));
    return (rows as LabelledRow[]).flatMap(({ scores }) => Object.values(scores).map(score => score.toFixed(3)));
  };
  const [first, again, none] = [await scores(1), await scores(1), await scores(1, 0)];
  expect(again).toEqual(first);
  expect(none).not.toEqual(first);
});

test('a prompt that is too long is cut from the left, and told', async () => {
  const { ask } = await project([`${'long and '.repeat(40)}good\t1`, 'good\t0']);
  const { result, rows } = await valueOf(ask({}));
  expect(result).toMatchObject({ cutRows: 1, rows: 2 });
  expect((rows as LabelledRow[]).map(({ cutTokens = 0 }) => cutTokens > 0)).toEqual([true, false]);
});

test('words for labels that no row has do no harm', async () => {
  const { ask } = await project();
  const { result } = await valueOf(ask({ labelWords: { ...WORDS, '2': ' so' } }));
  expect((result as ClassificationResult).classes.map(({ support }) => support)).toEqual([3, 3, 0]);
});

test.each<readonly [string, Partial<PromptTask>, Partial<EvaluationRequest>, string, RegExp]>([
  ['a column that is missing', { prompt: '{{ review }}:' }, {}, 'column-missing', /"review".*|review/],
  ['a row’s column that is missing', { prompt: '{{ row.review }}' }, {}, 'column-missing', /row\.review/],
  ['a template that is wrong', { prompt: '{{ sentence ' }, {}, 'template-syntax', /Line 1/],
  [
    'a label without words',
    { labelWords: { '0': ' bad', '2': ' so' } },
    {},
    'label-unknown',
    /Row 1 has the label "1"/,
  ],
  ['one label', { labelWords: { '0': ' bad' } }, {}, 'label-words-invalid', /two labels/],
  ['an empty word', { labelWords: { '0': '', '1': ' good' } }, {}, 'label-words-invalid', /"0" has no word/],
  [
    'a word for two',
    { labelWords: { '0': ' so', '1': ' so' } },
    {},
    'label-words-invalid',
    /stands for "0" and for "1"/,
  ],
  ['a word too long', { labelWords: { '0': 'no'.repeat(99), '1': ' so' } }, {}, 'label-words-invalid', /fills/],
  ['more examples than rows', { shots: 5 }, { rows: 4 }, 'shots-missing', /is 5, and there are 2 rows/],
  ['examples where all rows are evaluated', { shots: 1 }, {}, 'shots-missing', /there are 0 rows/],
])('%s is refused', async (_, prompt, change, code, message) => {
  const { ask } = await project();
  const result = await ask(prompt, change);
  expect(result).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(message) } });
});
