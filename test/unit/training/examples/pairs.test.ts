import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, test } from 'vitest';
import { judgementOf } from '../../../../src/protocol/annotations/judgement.ts';
import { loadTokenizer } from '../../../../src/tokenizer/load.ts';
import { type Asked, idsOf, lines, prepared } from './prepared.ts';

// Pairs as they are read and as they are made by rule: what a run.json says of its dataset, and the texts that training gets.

/** GPT-2's tokens, a context of 512. */
const model = path.resolve('models/starter');
const tokenizer = await loadTokenizer(model);
const ALL = { train: 1, validation: 0, test: 0, shuffle: false };

interface Made {
  readonly method?: 'dpo' | 'reward';
  readonly training?: Asked['training'];
  readonly dataset?: Omit<NonNullable<Asked['dataset']>, 'split'>;
}

/** The texts of a run's training rows, [prompt with an answer] each, and the rows that were left out. */
async function pairs(rows: readonly object[], { method = 'dpo', training = {}, dataset = {} }: Made = {}) {
  const { part, split } = await prepared(
    { 'rows.jsonl': lines(rows) },
    { method, model, training: { endToken: false, ...training }, dataset: { ...dataset, split: ALL } },
  );
  const train = await part('train');
  const texts = idsOf(train).map(ids => tokenizer.decode(ids));
  const rowsOf = train.rowOffsets.slice(1).map((end, row) => texts.slice(train.rowOffsets[row], end));
  return { rows: rowsOf, leftOut: split.leftOut };
}

it('from labels: the right word against the wrong one', async () => {
  const words = "{'0': ' bad', '1': ' good'}";
  const made = await pairs(
    [
      { sentence: 'fine', label: 1 },
      { sentence: 'dull', label: 0 },
    ],
    {
      dataset: {
        template: '{{ sentence }}:',
        steps: [
          { derive: { chosen: `{{ ${words}[label | string] }}`, rejected: `{{ ${words}[(1 - label) | string] }}` } },
        ],
      },
    },
  );
  expect(made.rows).toEqual([
    ['fine: good', 'fine: bad'],
    ['dull: bad', 'dull: good'],
  ]);
});

it('from several labels: over the rows, the right word meets all the wrong ones', async () => {
  const wrong = "{'a': ['b', 'c'], 'b': ['c', 'a'], 'c': ['a', 'b']}";
  const made = await pairs(
    ['x', 'xy'].map(text => ({ text, label: 'b' })),
    {
      dataset: {
        template: '{{ text }} ',
        steps: [{ derive: { chosen: '{{ label }}', rejected: `{{ ${wrong}[label][text | length % 2] }}` } }],
      },
    },
  );
  expect(made.rows).toEqual([
    ['x b', 'x a'],
    ['xy b', 'xy c'],
  ]);
});

it('by derivation, in the form of a question, and without those that are too long', async () => {
  const made = await pairs(
    [
      { question: 'Why', answer: 'So' },
      { question: 'How long', answer: ' on and on'.repeat(170) },
      { question: `Does it go${' on and on'.repeat(85)}`, answer: 'No' },
    ],
    {
      training: { maxPromptLength: 256, maxLength: 512, tooLong: 'drop' },
      dataset: {
        template: 'question-answer',
        steps: [{ derive: { chosen: 'Let me explain. {{ answer }}', rejected: '{{ answer }}' } }],
      },
    },
  );
  expect(made.rows).toEqual([
    ['### Question: Why\n### Answer: Let me explain. So', '### Question: Why\n### Answer: So'],
  ]);
  expect(made.leftOut.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^it has \d+ tokens, and 512 are the most$/),
    expect.stringMatching(/^its prompt has \d+ tokens, and 256 are the most$/),
  ]);
});

/** Rows of Anthropic/hh-rlhf in form: the first has one turn of each, the second two. */
const DIALOGUES = [
  { chosen: '\n\nHuman: A?\n\nAssistant: b', rejected: '\n\nHuman: A?\n\nAssistant: c' },
  {
    chosen: '\n\nHuman: A?\n\nAssistant: b\n\nHuman: D?\n\nAssistant: e',
    rejected: '\n\nHuman: A?\n\nAssistant: b\n\nHuman: D?\n\nAssistant: f',
  },
];
const SINGLE_TURN = String.raw`chosen.split('\n\nHuman:') | length == 2`;

test.each<[string, Made, unknown]>([
  ['all turns', {}, [Object.values(DIALOGUES[0] as object), Object.values(DIALOGUES[1] as object)]],
  ['a single turn', { dataset: { steps: [{ filter: SINGLE_TURN }] } }, [Object.values(DIALOGUES[0] as object)]],
  [
    'a single turn, its better answer with and without an explanation',
    {
      dataset: {
        template: 'question-answer',
        steps: [
          { filter: SINGLE_TURN },
          {
            derive: {
              question: String.raw`{{ chosen.split('\n\nAssistant:')[0].split('\n\nHuman:')[1] | trim }}`,
              rejected: String.raw`{{ chosen.split('\n\nAssistant:')[1] | trim }}`,
              chosen: 'Let me explain. {{ rejected }}',
            },
          },
        ],
      },
    },
    [['### Question: A?\n### Answer: Let me explain. b', '### Question: A?\n### Answer: b']],
  ],
])('dialogues of %s', async (_, made, expected) => {
  expect((await pairs(DIALOGUES, made)).rows).toEqual(expected);
});

const RESPONSES = { prompt: 'p', responses: [' a', ' b', ' c'] };

test.each<[string, object, string[], string[]]>([
  ['as they stand', RESPONSES, ['p a', 'p b', 'p c'], ['p a', 'p c']],
  ['by their scores', { ...RESPONSES, scores: [1, 3, 2] }, ['p b', 'p c', 'p a'], ['p b', 'p a']],
  ['of equal scores the first', { ...RESPONSES, scores: [1, 5, 1] }, ['p b', 'p a'], ['p b', 'p a']],
])('responses %s: all for a reward model, the best and the worst for DPO', async (_, row, ranked, pair) => {
  expect((await pairs([row], { method: 'reward' })).rows).toEqual([ranked]);
  expect((await pairs([row])).rows).toEqual([pair]);
});

it('the samples with preferences need nothing set', async () => {
  const rows = JSON.parse(await readFile('samples/instruction-data-with-preference.json', 'utf8')) as object[];
  const made = await pairs(rows);
  expect([made.rows.length, made.leftOut]).toEqual([rows.length, []]);
  const first = rows[0] as { chosen: string; rejected: string };
  for (const [at, answer] of [first.chosen, first.rejected].entries()) {
    expect(made.rows[0]?.[at]?.startsWith('Below is an instruction')).toBe(true);
    expect(made.rows[0]?.[at]?.endsWith(`\n\n### Response:\n${answer}`)).toBe(true);
  }
});

it('what people judged, without what was asked again', async () => {
  const candidates = [' a', ' b'].map(text => ({ text, model: 'm' }));
  const judged = (prompt: string, ranking: number[], again = false) =>
    judgementOf({ prompt, row: 0, candidates, again }, { ranking }, new Date());
  const rows = [judged('p', [1, 0]), judged('q', [0, 1]), judged('p', [0, 1], true)];
  const steps = [{ filter: 'not again' }];
  expect((await pairs(rows, { dataset: { steps } })).rows).toEqual([
    ['p b', 'p a'],
    ['q a', 'q b'],
  ]);
});

const GOOD = { prompt: 'p', chosen: ' a', rejected: ' b' };

test.each<[string, readonly object[], RegExp]>([
  ['an empty chosen answer', [GOOD, { ...GOOD, chosen: '' }], /^its chosen is empty$/],
  ['a rejected answer of spaces', [GOOD, { ...GOOD, rejected: '  ' }], /^its rejected is empty$/],
  ['one response', [RESPONSES, { prompt: 'p', responses: [' a'] }], /^it has fewer than two responses$/],
  ['an empty response', [RESPONSES, { prompt: 'p', responses: [' a', ''] }], /^one of its responses is empty$/],
  [
    'scores that are too few',
    [
      { ...RESPONSES, scores: [3, 2, 1] },
      { ...RESPONSES, scores: [1, 2] },
    ],
    /^its scores are not one number for each response$/,
  ],
  [
    'equal scores',
    [
      { ...RESPONSES, scores: [3, 2, 1] },
      { ...RESPONSES, scores: [2, 2, 2] },
    ],
    /^its responses have equal scores: none is preferred$/,
  ],
  [
    'a prompt beyond the context',
    [GOOD, { ...GOOD, prompt: 'on and on '.repeat(400) }],
    /^nothing to learn from is left of it within 512 tokens$/,
  ],
])('%s leaves its row out, for reward and DPO alike', async (_, rows, reason) => {
  for (const method of ['reward', 'dpo'] as const) {
    const { leftOut } = await pairs(rows, { method });
    expect(leftOut).toEqual([{ row: 1, reason: expect.stringMatching(reason) }]);
  }
});
