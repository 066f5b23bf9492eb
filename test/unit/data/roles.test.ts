import { expect, test } from 'vitest';
import { guessMethod, guessRoles } from '../../../src/data/roles.ts';
import { viewOf } from './setting.ts';

const chat = [
  { role: 'user', content: 'q' },
  { role: 'assistant', content: 'a' },
];

test.each<[string, object, Record<string, string>, string | null]>([
  [
    'Alpaca, with its text',
    { instruction: 'i', input: '', output: 'o', text: 't' },
    { instruction: 'instruction', input: 'input', output: 'output', text: 'text' },
    'sft',
  ],
  ['a question and its answer', { question: 'q', answer: 'a' }, { prompt: 'question', completion: 'answer' }, 'sft'],
  ['messages', { messages: chat }, { messages: 'messages' }, 'sft'],
  [
    'conversations of ShareGPT',
    { id: 'x1', conversations: [{ from: 'human', value: 'q' }] },
    { messages: 'conversations' },
    'sft',
  ],
  ['messages under another name', { thread: chat }, { messages: 'thread' }, 'sft'],
  [
    'preferences',
    { prompt: 'p', chosen: 'c', rejected: 'r' },
    { prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' },
    'dpo',
  ],
  [
    'ranked responses',
    { prompt: 'p', responses: ['a', 'b'], scores: [1, 2] },
    { prompt: 'prompt', responses: 'responses', scores: 'scores' },
    'reward',
  ],
  ['a prompt alone', { prompt: 'p' }, { prompt: 'prompt' }, 'ppo'],
  ['a text alone', { text: 't' }, { text: 'text' }, 'lm'],
  ['names in capitals', { Review: 'r', Sentiment: 's' }, { text: 'Review', label: 'Sentiment' }, 'classification'],
  ['nothing that is known', { a: 1.5, b: 2.5 }, {}, null],
])('%s', async (_, row, roles, method) => {
  const { table } = await viewOf([row, row]);
  const guessed = guessRoles(table.columns, {});
  expect([guessed, guessMethod(guessed)]).toEqual([roles, method]);
});

test('what is given comes first, and its column is not guessed for anything else', async () => {
  const { table } = await viewOf([{ text: 't', review: 'r', label: 'x' }]);
  expect(guessRoles(table.columns, { text: 'review' })).toEqual({ text: 'review', label: 'label' });
  expect(guessRoles(table.columns, { label: 'text' })).toEqual({ text: 'review', label: 'text' });
});

test('with labels the longest text is the text', async () => {
  const rows = ['a', 'b', 'a', 'b', 'a', 'b'].map((kind, at) => ({
    key: `k${at}`,
    body1: `a long text number ${at}`,
    group: kind,
  }));
  const { table } = await viewOf(rows);
  expect(guessRoles(table.columns, {})).toEqual({ text: 'body1', label: 'group' });
});
