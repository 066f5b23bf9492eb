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
  };
  expect(methodData[method].texts(rowOf(cells), making)).toEqual({ leftOut: expect.stringMatching(/messages/) });
});
