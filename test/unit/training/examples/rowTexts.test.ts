import { expect, test } from 'vitest';
import type { Cell } from '../../../../src/data/table.ts';
import type { MethodName, Role } from '../../../../src/protocol/run/spec.ts';
import { conversations } from '../../../../src/training/examples/conversations.ts';
import type { RoleRow } from '../../../../src/training/examples/row.ts';
import { methodData } from '../../../../src/training/examples/rowTexts.ts';

const CHAT = { templates: new Map<string, string>(), specialTokens: {} };

const rowOf = (cells: Partial<Record<Role, Exclude<Cell, null>>>): RoleRow => ({
  cell: role => cells[role],
  text: role => cells[role] as string | undefined,
  variables: {},
});

test.each<[method: MethodName, cells: Partial<Record<Role, Exclude<Cell, null>>>]>([
  ['sft', { messages: 'no list' }],
  ['ppo', { messages: [] }],
  ['dpo', { messages: [{ role: 'user' }], chosen: 'yes', rejected: 'no' }],
])('a conversation that is none leaves its row out, not the run: %s', (method, cells) => {
  const making = {
    roles: { messages: 'messages' },
    prompt: () => '',
    conversations: conversations(null, CHAT),
    labelWords: null,
    labelled: false,
  };
  expect(methodData[method].texts(rowOf(cells), making)).toEqual({ leftOut: expect.stringMatching(/messages/) });
});

const DIALOGUE = '\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: A cake?\n\nAssistant:';

// A dialogue is that of a row of Anthropic/hh-rlhf in form: a text that holds what both answers follow.
test.each<[what: string, cells: Partial<Record<Role, string>>, expected: unknown]>([
  ['dialogues', { chosen: `${DIALOGUE} Take eggs.`, rejected: `${DIALOGUE} No.` }, [DIALOGUE, ' Take eggs.', ' No.']],
  ['with a prompt of its own', { prompt: 'A cake?', chosen: DIALOGUE, rejected: 'No.' }, ['A cake?', DIALOGUE, 'No.']],
  ['texts alone', { chosen: 'Take eggs.', rejected: 'No.' }, ['', 'Take eggs.', 'No.']],
  ['nothing said', { chosen: DIALOGUE, rejected: `${DIALOGUE} No.` }, 'the assistant says nothing in it'],
  [
    'other dialogues',
    { chosen: `${DIALOGUE} Take eggs.`, rejected: '\n\nHuman: Hi\n\nAssistant: No.' },
    'its answers follow different conversations',
  ],
])('pairs of %s', (_, cells, expected) => {
  const making = {
    roles: { chosen: 'chosen', rejected: 'rejected' },
    prompt: (row: RoleRow) => row.text('prompt') ?? '',
    conversations: conversations(null, CHAT),
    labelWords: null,
    labelled: false,
  };
  const texts = methodData.dpo.texts(rowOf(cells), making);
  if ('leftOut' in texts) expect(texts.leftOut).toBe(expected);
  else {
    const [[prompt, chosen], [, rejected]] = texts.sequences.map(({ pieces }) => pieces.map(({ text }) => text)) as [
      string[],
      string[],
    ];
    expect([prompt, chosen, rejected]).toEqual(expected);
  }
});
