import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readFloat32, readHeader } from '../../src/models/safetensors.ts';
import type { MetricsLine, RunResult, SampleLine } from '../../src/protocol/run/folder.ts';
import type { RunRequest } from '../../src/protocol/run/spec.ts';
import { byTorch, folderOf, json, lines, metricsOf, request, statusOf, train } from './runs.ts';

/** Relative, of losses and gradient norms over 20 steps. */
const TOLERANCE = 1e-3;
/** What single precision leaves of smaller rewards is compared with this: they are differences of some tens. */
const SMALL_REWARD = 0.02;
/** Before the first update a policy is its reference: which of two equal rewards is the higher one is rounding. */
const ROUNDING = 1e-4;

const WORDS = { labelWords: { even: ' even', odd: ' odd' } };
const LORA = { lora: { rank: 4, alpha: 8, targets: ['c_attn', 'c_proj', 'c_fc'] as const } };
const LABELLED = { columns: { prompt: 'prompt', label: 'kind' } };

const RUNS: ReadonlyArray<readonly [string, RunRequest]> = [
  ['lm', request('lm', { training: { maxLength: 12 } })],
  ['sft', request('sft')],
  ['sft accumulation', request('sft', { training: { batchSize: 1, accumulation: 4, shuffle: false } })],
  ['sft label words', request('sft', { sft: WORDS, dataset: { file: '', ...LABELLED } })],
  ['sft LoRA', request('sft', { trainable: LORA, training: { learningRate: 1e-2 } })],
  ['classification', request('classification')],
  ['classification last block', request('classification', { trainable: { layers: { last: 1 } } })],
  ['classification mean', request('classification', { classification: { pooling: 'mean' } })],
  ['reward', request('reward', { reward: { centerCoefficient: 0.01 } })],
  // Slowly: once the pairs are told apart, the gradient is rounding.
  ['dpo', request('dpo', { training: { learningRate: 5e-5 } })],
  ['dpo ipo', request('dpo', { dpo: { loss: 'ipo', beta: 0.2 } })],
];

describe('the same run.json trains alike by onnx, by PyTorch, and by PyTorch in two processes', () => {
  const largest = new Map<string, number>();
  afterAll(() => {
    for (const [name, difference] of largest) console.log(`${name}: ${difference.toExponential(1)}`);
    console.log(`largest relative difference: ${Math.max(...largest.values()).toExponential(1)}`);
  });

  const compare = (name: string, actual: MetricsLine | undefined, expected: MetricsLine): void => {
    for (const [metric, value] of Object.entries(expected)) {
      if (/seconds|persecond/i.test(metric) || value === undefined) continue;
      const margin = expected[metric.replace(/accuracy$/i, 'Margin')];
      if (/accuracy$/i.test(metric) && Math.abs(margin ?? 1) < ROUNDING) continue;
      const found = actual?.[metric] ?? Number.NaN;
      const difference = differenceOf(metric, found, value);
      largest.set(name, Math.max(largest.get(name) ?? 0, difference));
      expect({ metric, step: expected.step, found, value, isClose: difference < TOLERANCE }).toMatchObject({
        isClose: true,
      });
    }
  };

  it.each(RUNS)('%s', async (name, run) => {
    const onnx = folderOf(`${name} onnx`, run);
    await train(onnx);
    for (const processes of [1, 2]) {
      const torch = folderOf(`${name} torch ${processes}`, byTorch(run, processes));
      await train(torch);
      const [expected, actual] = [metricsOf(onnx), metricsOf(torch)];
      expect(actual).toHaveLength(expected.length);
      for (const [index, line] of expected.entries()) compare(`${name}, ${processes}`, actual[index], line);
      expect(statusOf(torch)).toMatchObject({ state: 'finished', step: 20, totalSteps: 20 });
      expectSameResult(onnx, torch);
      await expectSameFolders(onnx, torch);
    }
  });
});

/** Relative; shares of rows and counts may be 0 on both sides. */
const differenceOf = (metric: string, found: number, value: number): number =>
  Math.abs(found - value) / Math.max(Math.abs(value), /reward/i.test(metric) ? SMALL_REWARD : Number.EPSILON);

function expectSameResult(onnx: string, torch: string): void {
  const [expected, actual] = [json<RunResult>(onnx, 'result.json'), json<RunResult>(torch, 'result.json')];
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  expect(actual.confusion).toEqual(expected.confusion);
  expect(actual.notes).toEqual(expected.notes);
  for (const [part, figures] of Object.entries(expected.metrics)) {
    for (const [metric, value] of Object.entries(figures)) {
      const found = actual.metrics[part as 'train']?.[metric];
      expect(differenceOf(metric, found ?? Number.NaN, value)).toBeLessThan(TOLERANCE);
    }
  }
}

/** What is written beside the figures: samples, and tensors by name and shape. */
async function expectSameFolders(onnx: string, torch: string): Promise<void> {
  if (!/classification|reward/.test(onnx)) {
    expect(lines<SampleLine>(torch, 'samples.jsonl')).toEqual(lines<SampleLine>(onnx, 'samples.jsonl'));
  }
  const weights = /LoRA/.test(onnx) ? 'adapter_model.safetensors' : 'model.safetensors';
  for (const file of [`model/${weights}`, `checkpoints/step-000020/${weights}`, OPTIMIZER]) {
    const [expected, actual] = [await shapesOf(onnx, file), await shapesOf(torch, file)];
    expect(actual).toEqual(expected);
  }
  const state = (folder: string) => Object.keys(json<object>(folder, 'checkpoints/step-000020/state.json')).sort();
  expect(state(torch)).toEqual(state(onnx));
  const config = (folder: string) => json<object>(folder, 'model/config.json');
  expect(config(torch)).toEqual(config(onnx));
  if (/LoRA/.test(onnx))
    expect(json(torch, 'model/adapter_config.json')).toEqual(json(onnx, 'model/adapter_config.json'));
}

const OPTIMIZER = 'checkpoints/step-000020/optimizer.safetensors';

async function shapesOf(folder: string, file: string): Promise<Record<string, readonly number[]>> {
  const tensors = await readHeader(path.join(folder, file));
  for (const location of tensors.values()) expect((await readFloat32(location)).every(Number.isFinite)).toBe(true);
  return Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape] as const).sort());
}
