import { expect, test } from 'vitest';
import { type ScoredPosition, scoredText } from '../../../src/scoring/scoredText.ts';

const position = (probability: number | null, bytes: number): ScoredPosition => ({
  token: { id: 7, text: 'x', raw: 'x', start: 0, end: 1 },
  bytes,
  score:
    probability === null
      ? null
      : { logProbability: Math.log(probability), rank: 3, entropy: Math.LN2, top: [{ id: 1, text: 'y', probability }] },
});

test('a text of tokens with probabilities 1/2 and 1/8: 4 bits', () => {
  const scored = scoredText('abc', [position(null, 100), position(1 / 2, 2), position(1 / 8, 3)], true);
  expect(scored.scoredTokens).toBe(2);
  expect(scored.negativeLogLikelihood).toBeCloseTo(4 * Math.LN2, 12); // nats
  expect(scored.perplexity).toBeCloseTo(4, 12); // the geometric mean of 2 and 8
  expect(scored.bitsPerByte).toBeCloseTo(4 / 5, 12); // the unscored token's 100 bytes do not count
  const [first, , last] = scored.tokens;
  expect(first).toEqual({
    id: 7,
    text: 'x',
    start: 0,
    end: 1,
    probability: null,
    rank: null,
    surprisal: null,
    entropy: null,
  });
  expect(last).toMatchObject({ rank: 3, top: [{ id: 1, text: 'y' }] });
  expect(last?.probability).toBeCloseTo(1 / 8, 12);
  expect(last?.surprisal).toBeCloseTo(3, 12);
  expect(last?.entropy).toBeCloseTo(1, 12); // bits
});

test('where no alternatives were asked for, none are told', () => {
  expect(scoredText('a', [position(1 / 2, 1)], false).tokens[0]).not.toHaveProperty('top');
});

test.each([
  ['nothing', []],
  ['one token that is not scored', [position(null, 4)]],
])('%s has no perplexity', (_, positions) => {
  expect(scoredText('a', positions, true)).toMatchObject({
    perplexity: null,
    bitsPerByte: null,
    negativeLogLikelihood: 0,
    scoredTokens: 0,
  });
});
