import { expect, test } from 'vitest';
import type { Parameter } from '../../../src/training/learner.ts';
import { clipScale, gradientNorm } from '../../../src/training/optimizer/clipping.ts';
import { createOptimizer } from '../../../src/training/optimizer/create.ts';
import { CASES, shapeOf, type Tensor } from './optimizerCases.ts';

const close = (actual: Float32Array, expected: Tensor): void => {
  for (const [i, value] of expected.flat().entries()) expect(actual[i]).toBeCloseTo(value, 6);
};

test.each(CASES)('$spec steps as in PyTorch', ({ spec, learningRate, starts, updates, moments }) => {
  const parameters = starts.map((start, index): Parameter => {
    const values = Float32Array.from(start.flat());
    return { name: `${index}`, shape: shapeOf(start), values, gradient: new Float32Array(values.length) };
  });
  const optimizer = createOptimizer(parameters, spec);
  for (const [index, { gradients, norm, values }] of updates.entries()) {
    for (const [p, gradient] of gradients.entries()) parameters[p]?.gradient.set(gradient.flat());
    const ours = gradientNorm(parameters);
    expect(ours).toBeCloseTo(norm, 5);
    optimizer.step(index + 1, learningRate, clipScale(ours, 1));
    for (const [p, expected] of values.entries()) close((parameters[p] as Parameter).values, expected);
  }
  expect(optimizer.moments.map(({ name }) => name).sort()).toEqual(Object.keys(moments).sort());
  for (const { name, values } of optimizer.moments) close(values, moments[name] as Tensor);
});

test('without a largest norm gradients are taken as they are', () => expect(clipScale(1000, null)).toBe(1));

test('a gradient that is no number shows in the norm', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
    expect(gradientNorm([{ gradient: Float32Array.of(1, value) }])).not.toBeLessThan(Number.POSITIVE_INFINITY);
});
