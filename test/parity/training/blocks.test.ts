import { describe, it, vi } from 'vitest';
import type { RunRequest } from '../../../src/protocol/run/spec.ts';
import { trajectoryOf } from './expected.ts';
import { trained } from './run.ts';
import { sameSteps } from './sameSteps.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Relative, of a loss or a gradient norm: blocks are computed anew, and give what they gave. */
const TOLERANCE = 1e-5;

/** What trains: all, an adapter, the upper blocks; what is dropped, in the model and in the adapter; each sort of head. */
const CASES: ReadonlyArray<readonly [trajectory: string, changes: Partial<RunRequest>]> = [
  ['lm', {}],
  ['sft-inverse-layer-scale', {}],
  ['sft-inverse-layer-scale', { training: { dropout: 0.1, batchSize: 2, accumulation: 2 } }],
  ['sft-inverse-layer-scale', { trainable: { layers: { last: 3 } } }],
  ['sft-inverse-layer-scale', { trainable: { layers: { last: 2 } }, training: { dropout: 0.1 } }],
  ['sft-inverse-layer-scale', { trainable: { lora: { dropout: 0.1 } }, training: { dropout: 0.2 } }],
  ['sft-last-block', {}], // one block, which has no parts
  ['sft-untied-gelu', { trainable: { layers: 'all' } }],
  ['lm-lora', {}],
  ['classification-position', {}],
  ['classification-hidden', {}],
  ['classification-head', {}],
  ['dpo-lora', {}],
  ['reward-ranked-accumulation', {}],
];

describe('going back block by block takes the steps that going back through all blocks at once takes', () => {
  const compare = sameSteps(TOLERANCE);

  it.each(CASES.map(([name, changes]) => [`${name} ${JSON.stringify(changes)}`, name, changes] as const))(
    '%s',
    async (title, name, { training, ...changes }) => {
      const trajectory = trajectoryOf(name);
      const take = (backward: 'whole' | 'blocks') => {
        const all = { ...trajectory.run.training, ...training, maxSteps: 6, backward };
        return trained(trajectory, { ...trajectory.run, ...changes, training: all, threads: 1 });
      };
      const whole = await take('whole');
      compare(title, await take('blocks'), whole);
    },
  );
});
