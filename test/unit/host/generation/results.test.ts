import { expect, test } from 'vitest';
import { textOf, tokensOf } from '../../../../src/protocol/branches.ts';
import { duplicated, moved } from '../../../../src/host/generation/columns.ts';
import {
  answered,
  branched,
  branchSettings,
  ended,
  spread,
  startedResult,
  withoutBranch,
} from '../../../../src/host/generation/results.ts';
import { branch, generated, resultOf } from '../../webview/generatedTokens.ts';

const top = [' a', ' b', ' c'].map((text, i) => ({ id: i + 1, text, probability: 0.5 - i / 10 }));
const sample = branch(0, {
  tokens: [generated('x', { id: 7 }), generated(' a', { id: 1, top }), generated('z', { id: 9 })],
});

test.each([
  [{ decoding: 'greedy', maxNewTokens: 5, count: 3 }, 1],
  [{ decoding: 'sample', maxNewTokens: 5, count: 3 }, 3],
  [{ decoding: 'beam', maxNewTokens: 5, beams: 4, returned: 2, count: 3 }, 2],
] as const)('%j makes %i texts', (settings, texts) =>
  expect(startedResult('', 'starter', settings).branches).toHaveLength(texts),
);

test('a branch shares what stood before, begins with the other token, and is read', () => {
  const result = branched(resultOf([sample, branch(4)]), 0, 1, 3);
  expect(result?.selected).toBe(5);
  const tokens = tokensOf(result?.branches ?? [], 5);
  expect(tokens.map(({ id }) => id)).toEqual([7, 3]);
  expect(tokens[1]).toMatchObject({ probability: 0.3, rank: 3 });
  expect(textOf(tokens)).toBe('x c');
});

test('what is no alternative makes no branch', () => {
  expect(branched(resultOf([sample]), 0, 1, 99)).toBeUndefined();
  expect(branched(resultOf([sample]), 0, 0, 1)).toBeUndefined();
  expect(branched(resultOf([sample]), 8, 1, 1)).toBeUndefined();
});

test('a branch is one text, and makes as many tokens as its column has left', () => {
  expect(branchSettings({ decoding: 'sample', maxNewTokens: 10, count: 3 }, 4)).toMatchObject({
    maxNewTokens: 6,
    count: 1,
  });
  expect(branchSettings({ decoding: 'beam', maxNewTokens: 3, beams: 4, returned: 4 }, 4)).toMatchObject({
    maxNewTokens: 1,
    returned: 1,
  });
});

test('an answer takes the place of what streamed in, after the token that was chosen by hand', () => {
  const before = branched(resultOf([sample]), 0, 1, 2);
  if (!before) throw new Error('no branch');
  const generation = { text: ' end', finishReason: 'length', logProbability: -1, tokens: [generated(' end')] } as const;
  const after = answered(before, [1], 'cpu', { generations: [generation], seed: 4, tokensPerSecond: 10 });
  expect(tokensOf(after.branches, 1).map(({ text }) => text)).toEqual(['x', ' b', ' end']);
  expect(after.branches[1]).toMatchObject({ state: 'length', seed: 4, tokensPerSecond: 10 });
  expect(after.branches[0]).toBe(before.branches[0]);
});

test('what is under way ends; what has ended stays as it was', () => {
  const result = ended(
    resultOf([branch(0, { state: 'running' }), branch(1, { state: 'endoftext' })]),
    [0, 1],
    'stopped',
  );
  expect(result.branches.map(({ state }) => state)).toEqual(['stopped', 'endoftext']);
});

test('a branch goes with all that left it, and its parent is read; a sample stays', () => {
  const branches = [branch(0), branch(1, { parent: 0 }), branch(2, { parent: 1 }), branch(3, { parent: 0 })];
  const after = withoutBranch(resultOf(branches, { selected: 2 }), 1);
  expect(after.branches.map(({ id }) => id)).toEqual([0, 3]);
  expect(after.selected).toBe(0);
  expect(withoutBranch(resultOf(branches), 0).branches).toEqual(branches);
});

test.each([
  ['plain tokens', 'a b', ['a', ' b'], ['a', ' b']],
  ['an end token', 'a', ['a', '<|endoftext|>'], ['a', '']],
  ['a stop string within a token', 'a', ['a', ' END.'], ['a', '']],
  ['a character in three tokens', 'a世b', ['a', '\ufffd', '\ufffd', '\ufffd', 'b'], ['a', '世', '', '', 'b']],
  ['a character in parts at the end', '世', ['\ufffd', '\ufffd'], ['世', '']],
])('each token has what it adds: %s', (_, text, tokens, adds) => {
  const spreads = spread({ text, tokens: tokens.map(token => generated(token)) });
  expect(spreads.map(token => token.adds)).toEqual(adds);
  expect(textOf(spreads)).toBe(text);
});

const column = (id: string, name = id) =>
  ({ id, name, model: null, settings: { decoding: 'greedy', maxNewTokens: 1 } }) as const;

test('a copy stands beside its column under a name of its own', () => {
  const columns = duplicated([column('a', 'greedy'), column('b', 'greedy 2')], 'a');
  expect(columns.map(({ name }) => name)).toEqual(['greedy', 'greedy 3', 'greedy 2']);
  expect(new Set(columns.map(({ id }) => id)).size).toBe(3);
});

test.each([
  ['a', 1, 'b a c'],
  ['a', 9, 'b c a'],
  ['c', -1, 'c a b'],
  ['x', 0, 'a b c'],
])('%s moved to %i', (id, to, order) =>
  expect(
    moved([column('a'), column('b'), column('c')], id, to)
      .map(one => one.id)
      .join(' '),
  ).toBe(order),
);
