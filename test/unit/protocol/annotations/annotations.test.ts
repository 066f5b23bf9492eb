import { describe, expect, it, test } from 'vitest';
import {
  type Item,
  itemOf,
  type Judgement,
  judgementOf,
  verdictProblem,
} from '../../../../src/protocol/annotations/judgement.ts';
import {
  type AnnotationSettings,
  annotationProblems,
  firstSettings,
} from '../../../../src/protocol/annotations/settings.ts';
import { summaryOf } from '../../../../src/protocol/annotations/summary.ts';
import { share } from '../../../../src/protocol/evaluation/share.ts';

const ITEM: Item = {
  prompt: 'p',
  row: 4,
  again: false,
  candidates: [
    { text: ' a', model: 'one' },
    { text: ' b', model: 'two' },
    { text: ' c', model: 'one' },
  ],
};
const AT = new Date('2026-01-02T03:04:05Z');

describe('a judgement', () => {
  it('by ranks: best first, with models and places', () => {
    expect(judgementOf(ITEM, { ranking: [2, 0, 1] }, AT)).toEqual({
      prompt: 'p',
      responses: [' c', ' a', ' b'],
      models: ['one', 'one', 'two'],
      shown: [3, 1, 2],
      row: 4,
      at: '2026-01-02T03:04:05.000Z',
    });
  });

  it('by scores: best first, equal ones as they were shown', () => {
    expect(judgementOf(ITEM, { scores: [2, 5, 2] }, AT)).toMatchObject({
      responses: [' b', ' a', ' c'],
      scores: [5, 2, 2],
      shown: [2, 1, 3],
    });
  });

  it('read again is the item that was shown', () => {
    expect(itemOf(judgementOf(ITEM, { ranking: [2, 0, 1] }, AT))).toEqual(ITEM);
  });

  test.each([
    [{ ranking: [0, 1, 2] }, undefined],
    [{ ranking: [0, 1] }, /Each of the 3 responses/],
    [{ ranking: [0, 0, 1] }, /Each of the 3 responses/],
    [{ scores: [1, 5, 5] }, undefined],
    [{ scores: [1, 6, 5] }, /score 6 is not between 1 and 5/],
    [{ scores: [1, 2] }, /Each of the 3 responses/],
  ])('%j: what is wrong', (verdict, expected) => {
    const problem = verdictProblem(verdict, 3, 5);
    if (expected) expect(problem).toMatch(expected);
    else expect(problem).toBeUndefined();
  });
});

test.each<[Partial<AnnotationSettings>, string | null]>([
  [{}, null],
  [{ models: [] }, 'models'],
  [{ models: ['a', 'b', 'c'] }, 'models'],
  [{ responses: 1 }, 'responses'],
  [{ responses: 10 }, 'responses'],
  [{ rows: 0 }, 'rows'],
  [{ seed: -1 }, 'seed'],
  [{ highest: 1 }, 'highest'],
  [{ againAfter: 1 }, 'againAfter'],
  [{ decoding: { decoding: 'greedy', maxNewTokens: 5 } }, 'decoding'],
  [{ decoding: { decoding: 'greedy', maxNewTokens: 5 }, models: ['a', 'b'] }, null],
  [{ decoding: { decoding: 'beam', beams: 2, maxNewTokens: 5 }, responses: 3 }, 'decoding'],
  [{ decoding: { decoding: 'beam', beams: 3, maxNewTokens: 5 }, responses: 3 }, null],
  [{ decoding: { decoding: 'sample', maxNewTokens: 0 } }, 'decoding'],
])('settings %j: what is wrong is told at its field', (changes, field) => {
  const [problem] = annotationProblems({ ...firstSettings('a'), ...changes });
  expect(problem?.field ?? null).toBe(field);
});

describe('a summary', () => {
  const judged = (responses: string[], models: string[], more: object = {}) => ({
    prompt: 'p',
    responses,
    models,
    ...more,
  });

  it('counts wins between models, ties apart', () => {
    const summary = summaryOf([
      judged(['x', 'y'], ['one', 'two']),
      judged(['x', 'yy'], ['one', 'two']),
      judged(['z', 'y'], ['two', 'one']),
      judged(['u', 'v'], ['one', 'two'], { scores: [3, 3] }),
      judged(['s', 't'], ['one', 'one']),
    ]);
    expect(summary).toMatchObject({ judgements: 5, comparisons: 5, ties: 1 });
    expect(summary?.models.map(({ model, wins, losses, ties }) => [model, wins, losses, ties])).toEqual([
      ['one', 2, 1, 1],
      ['two', 1, 2, 1],
    ]);
    expect(summary?.models[0]?.won).toEqual(share(2, 3));
  });

  it('of three responses has three comparisons', () => {
    const summary = summaryOf([judged(['x', 'y', 'z'], ['one', 'two', 'one'], { scores: [3, 2, 2] })]);
    expect(summary).toMatchObject({ comparisons: 3, ties: 1 });
    expect(summary?.models.map(({ model, wins, losses, ties }) => [model, wins, losses, ties])).toEqual([
      ['one', 1, 0, 1],
      ['two', 0, 1, 1],
    ]);
  });

  // A reward model's comparisons are those between different scores, each score once: training/examples/pairs.test.ts.
  it.each<[string, Partial<Judgement>[], number]>([
    ['no scores', [{}], 0],
    ['three different ones', [{ scores: [3, 2, 1] }], 0],
    ['the best two tied', [{ scores: [3, 3, 1] }], 2],
    ['all tied', [{ scores: [2, 2, 2] }], 3],
    ['two judgements', [{ scores: [3, 1, 1] }, { scores: [1, 1, 1] }], 5],
    ['one that was judged again', [{ scores: [3, 1, 1] }, { scores: [3, 1, 1], again: true }], 2],
  ])('says how many ties leave out: %s', (_, given, count) => {
    const judgements = given.map(more => judged(['x', 'y', 'z'], ['m', 'm', 'm'], more));
    expect(summaryOf(judgements)?.leftOutByTies).toBe(count);
  });

  it('compares what was judged again with what was judged first', () => {
    const pair = (better: string, worse: string) => judged([better, worse], ['m', 'm']);
    expect(summaryOf([pair('a', 'b')])?.agreement).toBeNull();
    expect(summaryOf([pair('a', 'b'), pair('c', 'd'), pair('a', 'b'), pair('d', 'c')])?.agreement).toEqual(share(1, 2));
  });

  it('tells whether place or length decide', () => {
    const summary = summaryOf([
      judged(['long', 'x'], ['m', 'm'], { shown: [2, 1] }),
      judged(['longer', 'x'], ['m', 'm'], { shown: [1, 2] }),
      judged(['y', 'x'], ['m', 'm']),
    ]);
    expect(summary?.earlier).toEqual(share(1, 2));
    expect(summary?.longer).toEqual(share(2, 2));
  });

  it('of nothing is none', () => expect(summaryOf([])).toBeNull());
});

// statsmodels.stats.proportion.proportion_confint(k, n, method='wilson'), statsmodels 0.14.
test.each([
  [0, 5, 0, 0.43448246478317487],
  [3, 5, 0.2307242812760129, 0.8823792257673522],
  [5, 5, 0.5655175352168252, 1],
  [12, 20, 0.3865815007622531, 0.781193467627183],
  [131, 250, 0.46219788800433054, 0.5850757136198883],
])('%i of %i has Wilson’s interval', (successes, count, low, high) => {
  const interval = share(successes, count);
  expect(interval.low).toBeCloseTo(low, 12);
  expect(interval.high).toBeCloseTo(high, 12);
  expect([interval.value, interval.count]).toEqual([successes / count, count]);
});
