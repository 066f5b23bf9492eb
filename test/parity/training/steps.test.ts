import { describe, expect, it, vi } from 'vitest';
import type { RunRequest } from '../../../src/protocol/run/spec.ts';
import { methodsOnDevice, trajectoryOf } from './expected.ts';
import { trained } from './run.ts';
import { sameSteps } from './sameSteps.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Relative, of a loss or a gradient norm: what is left is the order of additions. */
const TOLERANCE = 1e-4;

interface Case {
  readonly trajectory: string;
  /** Changes of its request. */
  readonly changes?: Partial<RunRequest>;
}

/** Each method; what may train; each optimizer; steps of several micro-batches, fewer at the end of an epoch. */
const CASES: readonly Case[] = [
  { trajectory: 'lm' },
  { trajectory: 'lm-lora' },
  { trajectory: 'sft' },
  { trajectory: 'sft-accumulation' },
  { trajectory: 'sft-label-words' },
  { trajectory: 'sft-last-block' },
  { trajectory: 'sft-untied-gelu' },
  { trajectory: 'sft-accumulation', changes: { training: { dropout: 0.1 } } },
  { trajectory: 'sft-lora', changes: { training: { dropout: 0.2, batchSize: 3, accumulation: 3, shuffle: true } } },
  { trajectory: 'classification-accumulation' },
  { trajectory: 'classification-head' },
  { trajectory: 'classification-hidden' },
  { trajectory: 'classification-last-block' },
  { trajectory: 'classification-lora' },
  { trajectory: 'classification-mean' },
  { trajectory: 'classification-position' },
  { trajectory: 'dpo-accumulation' },
  { trajectory: 'dpo-ipo' },
  { trajectory: 'dpo-lora' },
  { trajectory: 'reward-last-block' },
  { trajectory: 'reward-ranked-accumulation' },
  { trajectory: 'clipping-none' },
  { trajectory: 'sgd-momentum-decay' },
];

describe('steps taken several in one run, as on CUDA, are those taken one by one', () => {
  const compare = sameSteps(TOLERANCE);

  it('each method is among them', () => {
    expect(new Set(CASES.map(each => trajectoryOf(each.trajectory).run.method))).toEqual(methodsOnDevice());
  });

  it.each(CASES.map(each => [`${each.trajectory} ${JSON.stringify(each.changes ?? {})}`, each] as const))(
    '%s',
    async (name, each) => {
      const trajectory = trajectoryOf(each.trajectory);
      const { training, ...changes } = each.changes ?? {};
      const all = { ...trajectory.run.training, ...training, maxSteps: 9 };
      const request = { ...trajectory.run, ...changes, training: all, threads: 1 };
      const single = await trained(trajectory, request);
      compare(name, await trained(trajectory, request, { stepsAtOnce: 4 }), single);
    },
  );
});
