import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { addVote, preferencesOf, readVotes } from '../../../../src/host/evaluations/votes.ts';
import type { ComparedRow } from '../../../../src/protocol/evaluation/folder.ts';

const answer = (model: string, response: string): ComparedRow['models'][number] => ({
  model,
  response,
  perplexity: null,
  negativeLogLikelihood: 0,
  scoredTokens: 0,
  bitsPerByte: null,
  checks: [],
});

test('the last vote on a row and a pair counts, and becomes a row to learn from; a tie does not', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lm-lab-votes-'));
  expect(await readVotes(folder)).toEqual([]);
  await addVote(folder, { row: 0, between: ['a', 'b'], better: 'a' });
  await addVote(folder, { row: 0, between: ['b', 'a'], better: 'b' });
  await addVote(folder, { row: 1, between: ['a', 'b'], better: null });
  const votes = await readVotes(folder);
  expect(votes.map(({ row, better, worse }) => [row, better, worse])).toEqual([
    [0, 'b', 'a'],
    [1, null, null],
  ]);
  const rows = [0, 1].map(row => ({ row, prompt: `p${row}`, models: [answer('a', 'of a'), answer('b', 'of b')] }));
  expect(preferencesOf(rows, votes)).toEqual([{ prompt: 'p0', chosen: 'of b', rejected: 'of a' }]);
});
