import { describe, expect, it } from 'vitest';
import { complete } from '../../../../src/protocol/run/defaults.ts';
import { whyNoEffect, whyRefused } from '../../../../src/protocol/run/effects.ts';
import { estimateRun, flopsPerToken } from '../../../../src/protocol/run/estimate.ts';
import { deviceMemoryBytes } from '../../../../src/protocol/run/memory.ts';
import { modelSize, parameterCount, trainedParameters } from '../../../../src/protocol/run/modelSize.ts';
import type { RunRequest } from '../../../../src/protocol/run/spec.ts';

const GPT2 = modelSize({});
const spec = (request: Partial<RunRequest> = {}) =>
  complete({ method: 'sft', model: 'gpt2', dataset: { file: 'a.json' }, ...request });
const MACHINE = { threads: 2, memoryBytes: 64e9 };
const DATA = { rows: { train: 1000, validation: 100, test: 100 }, meanTokens: 100 };
const estimate = (request: Partial<RunRequest> = {}) => estimateRun(spec(request), GPT2, DATA, MACHINE);

describe('parameters', () => {
  it('of GPT-2 as published', () => {
    expect(parameterCount(GPT2)).toBe(124_439_808);
    expect(parameterCount(modelSize({ n_layer: 24, n_head: 16, n_embd: 1024 }))).toBe(354_823_168);
  });

  // By hand: a block has 7,087,872 parameters, the final norm 1,536, a head for two labels 1,536, and c_attn with rank 16
  // 16 x (768 + 2304) in each of 12 blocks.
  it.each<readonly [string, Partial<RunRequest>, number]>([
    ['all', {}, 124_439_808],
    ['all of a classifier', { method: 'classification' }, 124_441_344],
    ['the last block of a classifier', { method: 'classification', trainable: { layers: { last: 1 } } }, 7_090_944],
    ['the head of a classifier', { method: 'classification', trainable: { layers: 'head' } }, 1536],
    ['all of a reward model', { method: 'reward' }, 124_440_576],
    ['all of a policy, with its value head', { method: 'ppo' }, 124_440_577],
    ['an adapter of a policy', { method: 'ppo', trainable: { lora: { targets: ['c_attn'] } } }, 590_593],
    ['an adapter', { trainable: { lora: { targets: ['c_attn'] } } }, 589_824],
  ])('that train: %s', (_, request, expected) => {
    expect(trainedParameters(GPT2, spec(request))).toBe(expected);
  });
});

describe('what a run takes', () => {
  it('steps as the loop counts them', () => {
    expect(estimate()).toMatchObject({ stepsPerEpoch: 125, steps: 250, tokensPerStep: 800 });
    expect(estimate({ training: { batchSize: 16, dropLast: true } })).toMatchObject({ stepsPerEpoch: 62, steps: 124 });
    expect(estimate({ training: { accumulation: 4, maxSteps: 7 } })).toMatchObject({ stepsPerEpoch: 32, steps: 7 });
    expect(estimate({ method: 'dpo' })).toMatchObject({ steps: 250, tokensPerStep: 1600 }); // both answers of a pair
    expect(estimate({ method: 'lm', training: { maxLength: 50 } })).toMatchObject({ stepsPerEpoch: 250 });
  });

  it('lies within a factor of two of what was measured: 8 x 128 tokens of GPT-2 take 3.2 s a step in 4.5 GB', () => {
    const rows = { train: 8, validation: 0, test: 0 };
    const training = { epochs: 1, maxLength: 128, completionOnly: false };
    const one = estimateRun(spec({ training }), GPT2, { rows, meanTokens: 128 }, MACHINE);
    expect(one.seconds / 3.2).toBeGreaterThan(0.5);
    expect(one.seconds / 3.2).toBeLessThan(3);
    expect(one.memoryBytes / 4.5e9).toBeGreaterThan(0.5);
    expect(one.memoryBytes / 4.5e9).toBeLessThan(1.5);
  });

  // By hand, in numbers of the model's size: 3 x (1 + 2) of states and 1 of gradients, or with sums of these 3 more; with
  // plain SGD 3 x 1 and 1. Activations are those of the CPU.
  it('three copies of the state on a graphics card, and nothing where none is asked for', () => {
    const own = ({ memoryBytes, deviceMemoryBytes }: ReturnType<typeof estimate>, sizes: number): number =>
      ((deviceMemoryBytes as number) - memoryBytes - (500e6 - 150e6)) / 4 / 124_439_808 - sizes;
    expect(estimate().deviceMemoryBytes).toBeNull();
    expect(estimate({ device: 'auto' }).deviceMemoryBytes).toBeNull();
    expect(own(estimate({ device: 'cuda' }), 10 - 4)).toBeCloseTo(0, 6); // on the CPU 1 + 1 + 2
    expect(own(estimate({ device: 'cuda:1', training: { accumulation: 2 } }), 13 - 4)).toBeCloseTo(0, 6);
    expect(own(estimate({ device: 'cuda', training: { optimizer: 'sgd' } }), 4 - 2)).toBeCloseTo(0, 6);
  });

  // By hand: weights and gradients, which come out as copies, and the starting model beside them.
  it('one copy of the weights on a graphics card for ppo, which takes no steps there', () => {
    const bytes = deviceMemoryBytes(spec({ method: 'ppo', device: 'cuda', training: { backward: 'whole' } }), GPT2, 0);
    expect((bytes - 500e6) / 4 / 124_439_808).toBeCloseTo(4, 3);
    const ofOthers = deviceMemoryBytes(spec({ device: 'cuda' }), GPT2, 0);
    expect((ofOthers - 500e6) / 4 / 124_439_808).toBeCloseTo(10, 3);
  });

  // The peak of processes that took such steps (bench/results/medium.md): 8 rows of 55 tokens on average.
  it.each<readonly [string, number, Partial<RunRequest>]>([
    ['LoRA', 5.3e9, { trainable: { lora: {} } }],
    ['the last block', 3.9e9, { trainable: { layers: { last: 1 } } }],
    ['all weights', 7.5e9, { training: { backward: 'whole' } }],
    ['all weights, block by block', 6.2e9, { training: { backward: 'blocks' } }],
  ])('about as much memory as was measured: %s of gpt2-medium', (_, measured, request) => {
    const medium = modelSize({ n_layer: 24, n_head: 16, n_embd: 1024 });
    const { memoryBytes } = estimateRun(spec(request), medium, { ...DATA, meanTokens: 55 }, MACHINE);
    expect(memoryBytes / measured).toBeGreaterThan(0.85);
    expect(memoryBytes / measured).toBeLessThan(1.2);
  });

  it('less memory and more time block by block, where the whole would take more than half of what the machine has', () => {
    const on = (gigabytes: number, request: Partial<RunRequest> = {}) =>
      estimateRun(spec(request), GPT2, DATA, { ...MACHINE, memoryBytes: gigabytes * 1e9 });
    const [large, small] = [on(64), on(6)];
    expect([large.byBlocks, small.byBlocks]).toEqual([false, true]);
    expect(small.memoryBytes).toBeLessThan(0.8 * large.memoryBytes);
    expect(small.seconds / large.seconds).toBeGreaterThan(1.1);
    expect(small.seconds / large.seconds).toBeLessThan(1.34);
    expect(on(6, { training: { backward: 'whole' } }).byBlocks).toBe(false);
    expect(on(64, { training: { backward: 'blocks' } }).memoryBytes).toBe(small.memoryBytes);
    // A single block has no parts; PyTorch and a graphics card are not asked for any.
    const others: Partial<RunRequest>[] = [
      { trainable: { layers: { last: 1 } } },
      { backend: 'torch' },
      { device: 'cuda' },
    ];
    expect(others.map(request => on(0.1, request).byBlocks)).toEqual([false, false, false]);
    for (const request of [others[0], others[2]]) {
      const [whole, blocks] = (['whole', 'blocks'] as const).map(backward =>
        on(64, { ...request, training: { backward } }),
      );
      expect(blocks).toEqual(whole);
      expect(whyNoEffect('training.backward', spec(request))).toMatch(/single block trains, and on a graphics card/);
    }
    const byTorch = spec({ backend: 'torch', training: { backward: 'whole' } }); // as where onnx began
    expect(whyNoEffect('training.backward', byTorch)).toBe('It belongs to the backend onnx.');
    expect(whyRefused('training.backward', byTorch)).toBeUndefined();
    const ppo: Partial<RunRequest> = { method: 'ppo', device: 'cuda', training: { backward: 'blocks' } };
    expect(on(64, ppo).byBlocks).toBe(true);
    expect(whyNoEffect('training.backward', spec(ppo))).toBeUndefined();
  });

  it('less where less trains, in time, memory and on disk', () => {
    const all = estimate({ method: 'classification' });
    const last = estimate({ method: 'classification', trainable: { layers: { last: 1 } } });
    const head = estimate({ method: 'classification', trainable: { layers: 'head' } });
    for (const figure of ['seconds', 'memoryBytes', 'diskBytes'] as const) {
      expect(last[figure]).toBeLessThan(all[figure]);
      expect(head[figure]).toBeLessThan(last[figure]);
    }
    expect(estimate({ trainable: { lora: {} } }).diskBytes).toBeLessThan(estimate().diskBytes / 10);
  });

  it('more for answers that are written first, and for more updates from them', () => {
    const one = estimate({ method: 'ppo', ppo: { epochsPerBatch: 1 } });
    const four = estimate({ method: 'ppo', ppo: { epochsPerBatch: 4 } });
    const scored = estimate({ method: 'ppo', ppo: { epochsPerBatch: 4, rewardModel: './reward' } });
    expect(one.tokensPerStep).toBe(estimate().tokensPerStep + 8 * 53);
    expect(one.seconds).toBeGreaterThan(estimate().seconds);
    expect(four.seconds).toBeGreaterThan(1.5 * one.seconds);
    expect(scored.seconds).toBeGreaterThan(four.seconds);
    expect(scored.memoryBytes).toBeGreaterThan(four.memoryBytes);
  });

  it('by the rate of a run on this machine where there is one', () => {
    const tokensPerSecond = 400;
    const flopsPerSecond = tokensPerSecond * flopsPerToken(spec(), GPT2, 100, 2);
    const measured = { flopsPerSecond, run: 'earlier' };
    const withoutEvaluations = spec({ training: { evaluateEvery: 'epoch', evaluationBatches: 1 } });
    const found = estimateRun(withoutEvaluations, GPT2, DATA, { ...MACHINE, measured });
    expect(found.measuredBy).toBe('earlier');
    expect(found.seconds).toBeGreaterThan(500); // 250 steps of 800 tokens at 400 tokens/s
    expect(found.seconds).toBeLessThan(800); // and all rows once more at the end, forward alone
  });
});
