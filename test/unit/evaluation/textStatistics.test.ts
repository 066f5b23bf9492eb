import { describe, expect, it } from 'vitest';
import { textCounter } from '../../../src/evaluation/textStatistics.ts';

function statisticsOf(...texts: string[]) {
  const counter = textCounter();
  for (const text of texts) counter.add(text, text.length);
  return counter.result();
}

// Counted by hand.
describe('statistics of texts', () => {
  it('counts words and pairs of words over all texts together', () => {
    const { distinct1, distinct2, count } = statisticsOf('The cat sat', 'the cat ran');
    expect(count).toBe(2);
    expect(distinct1).toBe(4 / 6); // the, cat, sat, ran
    expect(distinct2).toBe(3 / 4); // the cat, cat sat, cat ran
  });

  it('tells which share of four words in a row came before in the same text', () => {
    expect(statisticsOf('a b c d a b c d').repetition).toBe(1 / 5);
    expect(statisticsOf('go go go go go go').repetition).toBe(2 / 3);
    expect(statisticsOf('a b c d', 'a b c d').repetition).toBe(0);
  });

  it('counts empty texts and tokens', () => {
    expect(statisticsOf('', ' \n', 'abcd')).toMatchObject({ empty: 2, meanTokens: 2 });
  });

  it('of no texts is zeros', () => {
    expect(statisticsOf()).toEqual({ count: 0, meanTokens: 0, distinct1: 0, distinct2: 0, repetition: 0, empty: 0 });
  });
});
