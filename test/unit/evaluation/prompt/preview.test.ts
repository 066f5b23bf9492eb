import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { EvaluationRequest, PromptTask } from '../../../../src/protocol/evaluation/request.ts';
import { valueOf } from '../../../../src/protocol/result.ts';
import { TINY, testEngine } from '../../engine/testEngine.ts';

async function previewing(prompt: Partial<PromptTask>, row = 0, change: Partial<EvaluationRequest> = {}) {
  const { engine, folder } = await testEngine();
  const file = path.join(folder, 'rows.tsv');
  await writeFile(file, 'sentence\tlabel\na good film\t1\nso bad\t0\nno label\t\n');
  const request: EvaluationRequest = {
    task: 'prompt',
    models: [TINY],
    dataset: { file },
    device: 'cpu',
    prompt: { prompt: '{{ sentence }}\nIt is', labelWords: { 0: ' bad', 1: [' good', ' fine'] }, ...prompt },
    ...change,
  };
  return { engine, preview: engine.previewPrompt({ request, row }) };
}

test('a row with its label, the rendered prompt, and each word with the tokens that are scored', async () => {
  const { preview } = await previewing({}, 1);
  const { label, prompt, words } = await valueOf(preview);
  expect([label, prompt]).toEqual(['0', 'so bad\nIt is']);
  expect(words.map(({ label, word }) => [label, word])).toEqual([
    ['0', ' bad'],
    ['1', ' good'],
    ['1', ' fine'],
  ]);
  for (const { word, tokens } of words) {
    expect(
      tokens
        .filter(({ scored }) => scored)
        .map(({ text }) => text)
        .join(''),
    ).toBe(word);
    expect(
      tokens
        .filter(({ scored }) => !scored)
        .map(({ text }) => text)
        .join(''),
    ).toMatch(/ is$/);
  }
});

test('prompt and word apart, or the whole text: the tokens say so', async () => {
  const whole = await valueOf((await previewing({ score: 'text' })).preview);
  expect(whole.words.every(({ tokens }) => tokens.every(({ scored }) => scored))).toBe(true);
  const spaced = { prompt: '{{ sentence }} ', labelWords: { 0: 'bad', 1: 'good' } };
  const [together, apart] = [
    await valueOf((await previewing(spaced)).preview),
    await valueOf((await previewing({ ...spaced, apart: true })).preview),
  ];
  const ids = ({ words }: typeof together) => words.map(({ tokens }) => tokens.map(({ id }) => id));
  expect(ids(apart)).not.toEqual(ids(together));
});

test.each<[string, Partial<PromptTask>, number, string]>([
  ['a row without a label', {}, 2, 'row-left-out'],
  ['a column that is missing', { prompt: '{{ review }}' }, 0, 'column-missing'],
  ['a label without a word', { labelWords: { 0: '', 1: ' good' } }, 0, 'label-words-invalid'],
])('%s is refused', async (_, prompt, row, code) => {
  const refused = await (await previewing(prompt, row)).preview;
  expect(refused.ok || refused.error.code).toBe(code);
});
