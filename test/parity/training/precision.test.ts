import { afterAll, describe, expect, it, vi } from 'vitest';
import type { RunRequest } from '../../../src/protocol/run/spec.ts';
import { relativeDifference } from '../expected.ts';
import { methodsOnDevice, trajectoryOf } from './expected.ts';
import { trained } from './run.ts';

vi.setConfig({ testTimeout: 60_000 });

/**
 * Relative, of a loss or a gradient norm. The CPU has no such products: ONNX Runtime computes them in float32, and leaves
 * out casts between two of them, so that what is tried here is the graph, and less its rounding than on CUDA.
 */
const TOLERANCE = 1e-2;

const NAMES = ['lm', 'sft-accumulation', 'sft-lora', 'classification-last-block', 'dpo', 'reward-ranked'];

describe('steps with products in float16, as on CUDA, come close to those in float32', () => {
  const largest = new Map<string, number>();

  afterAll(() => {
    for (const [name, difference] of largest) console.log(`${name}: ${difference.toExponential(1)}`);
    console.log(`largest relative difference: ${Math.max(...largest.values()).toExponential(1)}`);
  });

  it('each method is among them', () => {
    expect(new Set(NAMES.map(name => trajectoryOf(name).run.method))).toEqual(methodsOnDevice());
  });

  it.each(NAMES)('%s', async name => {
    const trajectory = trajectoryOf(name);
    const training = { ...trajectory.run.training, maxSteps: 6 };
    const request: RunRequest = { ...trajectory.run, training, threads: 1 };
    const single = await trained(trajectory, request);
    const half = await trained(trajectory, { ...request, precision: 'f16' }, { stepsAtOnce: 3 });
    expect(half.steps).toHaveLength(single.steps.length);
    for (const [index, expected] of single.steps.entries()) {
      for (const figure of ['loss', 'gradientNorm']) {
        const found = relativeDifference(half.steps[index]?.[figure] ?? Number.NaN, expected[figure] ?? Number.NaN);
        largest.set(name, Math.max(largest.get(name) ?? 0, found));
        expect(found).toBeLessThan(TOLERANCE);
      }
    }
  });
});
