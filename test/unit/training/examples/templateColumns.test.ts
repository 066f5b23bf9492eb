import { expect, test } from 'vitest';
import { type Asked, lines, prepared } from './prepared.ts';

const ALL = { train: 1, validation: 0, test: 0 };

test.each<[string, Asked['dataset'], RegExp]>([
  ['a prompt’s', { template: 'Q: {{ promt }}' }, /^dataset\.template names "promt"/],
  ['a column by its row', { template: '{{ row.promt }}' }, /names "row\.promt"/],
  [
    'a completion’s',
    { steps: [{ derive: { completion: '{{ answer }}' } }] },
    /^dataset\.steps\[0\]: .*"completion" names "answer"/,
  ],
])('a template of a column that is missing is refused before anything starts: %s', async (_, dataset, message) => {
  const files = { 'rows.jsonl': lines([{ prompt: 'p', completion: 'c' }]) };
  const request: Asked = { method: 'sft', dataset: { ...dataset, split: ALL } };
  await expect(prepared(files, request)).rejects.toMatchObject({
    code: 'column-missing',
    message: expect.stringMatching(message),
    remedy: expect.stringContaining('prompt, completion'),
  });
});

test('a column that a template asks about may be missing, and one by its role may be named', async () => {
  const files = { 'rows.jsonl': lines([{ question: 'p', completion: 'c' }]) };
  const template = '{{ prompt }}{% if hint %} {{ hint }}{% endif %}';
  const columns = { prompt: 'question', completion: 'completion' };
  const { split } = await prepared(files, { method: 'sft', dataset: { template, columns, split: ALL } });
  expect(split.train).toEqual([0]);
});
