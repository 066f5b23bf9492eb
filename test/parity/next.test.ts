import { describe, expect, it } from 'vitest';
import { valueOf } from '../../src/protocol/result.ts';
import { testEngine } from './engine.ts';
import { idsAtPlace, MODELS, relativeDifference, TOLERANCE } from './expected.ts';

const engine = testEngine();

describe.each(MODELS)('next tokens of %s', (_, model, { next }) => {
  const cases = next.map(expected => [`${expected.context.length} tokens`, expected] as const);
  it.each(cases)('after %s', async (_, { text, context, predictions }) => {
    const answer = await valueOf(engine.next({ model, device: 'cpu', text, top: predictions.length }));
    expect(answer.context.tokens.map(({ id }) => id)).toEqual(context);
    expect(answer.position).toBe(text.length);
    expect(answer.actual).toBeNull();
    expect(answer.predictions.map(({ rank }) => rank)).toEqual(predictions.map((_, place) => place + 1));
    const ids = idsAtPlace(predictions);
    answer.predictions.forEach(({ id, probability }, place) => {
      expect(relativeDifference(probability, predictions[place]?.[1] ?? 0)).toBeLessThan(TOLERANCE);
      expect(ids[place]).toContain(id);
    });
  });
});

// From the model's README: what it was seen to predict when it was trained.
it('the starter model continues a film sentence', async () => {
  const { predictions } = await valueOf(engine.next({ model: 'starter', text: 'The movie was full of', top: 5 }));
  const percent = predictions.map(({ text, probability }) => [text, Math.round(probability * 1000) / 10]);
  expect(percent).toEqual([
    [' the', 20.7],
    [' a', 8],
    [' its', 6.4],
    [' an', 3],
    [' all', 1.6],
  ]);
});
