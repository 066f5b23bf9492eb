import { afterAll, describe, expect, it } from 'vitest';
import type { ScoredToken } from '../../src/protocol/engine.ts';
import { valueOf } from '../../src/protocol/result.ts';
import { testEngine } from './engine.ts';
import { type ExpectedToken, idsAtPlace, MODELS, relativeDifference, TOLERANCE } from './expected.ts';

const engine = testEngine();

describe.each(MODELS)('scores of %s', (name, model, { scores }) => {
  let largest = 0;
  const difference = (actual: number | null, expected: number | null): number => {
    expect(actual === null).toBe(expected === null);
    if (actual === null || expected === null) return 0;
    const relative = relativeDifference(actual, expected);
    largest = Math.max(largest, relative);
    return relative;
  };
  afterAll(() => console.log(`${name}: largest relative difference ${largest.toExponential(1)}`));

  function compareToken(actual: ScoredToken, expected: ExpectedToken | null): void {
    expect(difference(actual.probability, expected?.probability ?? null)).toBeLessThan(TOLERANCE);
    if (!expected) {
      expect(actual).toMatchObject({ rank: null, surprisal: null, entropy: null });
      return;
    }
    expect(actual.rank).toBeGreaterThanOrEqual(expected.ranks[0]);
    expect(actual.rank).toBeLessThanOrEqual(expected.ranks[1]);
    expect(actual.surprisal).toBeCloseTo(-Math.log2(expected.probability), 3);
    expect(actual.entropy).toBeCloseTo(expected.entropy, 3);
    expect(actual.top).toHaveLength(expected.top.length);
    const ids = idsAtPlace(expected.top);
    actual.top?.forEach(({ id, probability }, place) => {
      expect(difference(probability, expected.top[place]?.[1] ?? null)).toBeLessThan(TOLERANCE);
      expect(ids[place]).toContain(id);
    });
  }

  const cases = scores.map(score => [score.firstToken, `${score.ids.length} tokens`, score] as const);
  it.each(cases)('first token %s, %s', async (firstToken, _, expected) => {
    const { texts } = await valueOf(engine.score({ model, device: 'cpu', texts: [expected.text], firstToken, top: 5 }));
    const [scored] = texts;
    expect(scored?.tokens.map(({ id }) => id)).toEqual(expected.ids);
    expect(scored?.scoredTokens).toBe(expected.tokens.filter(token => token !== null).length);
    expect(difference(scored?.perplexity ?? null, expected.perplexity)).toBeLessThan(TOLERANCE);
    expect(scored?.negativeLogLikelihood).toBeCloseTo(expected.negativeLogLikelihood, 2);
    scored?.tokens.forEach((token, index) => compareToken(token, expected.tokens[index] ?? null));
  });
});
