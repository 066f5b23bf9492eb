import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { complete } from '../../../src/protocol/run/defaults.ts';
import type { RunRequest } from '../../../src/protocol/run/spec.ts';
import { openLearner } from '../../../src/training/learner/open.ts';
import { collectorOf } from '../../../src/training/experience/collector.ts';
import { openReference } from '../../../src/training/experience/reference.ts';
import { idsOf } from '../../../src/training/examples/examples.ts';
import type { Answer, Collected } from '../../../src/training/learner.ts';
import type { Method } from '../../../src/training/methods/method.ts';
import { ppo } from '../../../src/training/methods/ppo.ts';
import { type PpoTrajectory, PPO_TRAJECTORIES, REWARDS, TOLERANCE } from './expected.ts';
import { trained } from './run.ts';

/** What is compared as a difference rather than a ratio where it is smaller: sums of what nearly cancels. */
const SMALL = 0.02;

describe('optimizes a policy as TRL 1.12.0 and PyTorch do, on answers that were recorded', () => {
  const largest = new Map<string, number>();
  afterAll(() => {
    for (const [name, difference] of largest) console.log(`${name}: ${difference.toExponential(1)}`);
  });

  const compare = (name: string, actual: number | undefined, expected: number): void => {
    const difference = Math.abs((actual ?? Number.NaN) - expected) / Math.max(Math.abs(expected), SMALL);
    largest.set(name, Math.max(largest.get(name) ?? 0, difference));
    expect(difference).toBeLessThan(TOLERANCE);
  };

  it.each(PPO_TRAJECTORIES.map(trajectory => [trajectory.name, trajectory] as const))('%s', async (_, trajectory) => {
    const steps: Collected[] = [];
    const told = await trained(trajectory, trajectory.run, { method: recorded(trajectory, steps) });
    expect(told.steps).toHaveLength(trajectory.steps.length);
    for (const [index, figures] of trajectory.steps.entries())
      for (const [metric, value] of Object.entries(figures)) compare(metric, told.steps[index]?.[metric], value);
    for (const [index, { advantages, returns }] of trajectory.lessons.entries()) {
      const { experience } = steps[index]?.batches[0]?.examples ?? {};
      for (const [row, expected] of returns.entries()) {
        const at = experience?.offsets[row] as number;
        for (const [state, value] of expected.entries()) compare('returns', experience?.returns[at + state], value);
        for (const [token, value] of (advantages[row] ?? []).entries())
          compare('advantages', experience?.advantages[at + token], value);
      }
    }
  });
});

it('a reward model says what transformers makes of it, whatever ends an answer', async () => {
  const folder = path.resolve('test/parity/training/fixtures/models/reward');
  const run = {
    method: 'ppo',
    model: folder,
    dataset: { file: 'a.json' },
    device: 'cpu',
    ppo: { rewardModel: folder },
  };
  const learner = await openLearner(complete(run as RunRequest), { folder });
  const scores = (await learner.collector?.score(REWARDS.map(answer => ({ ...answer, label: null })))) ?? [];
  const differences = REWARDS.map(({ score }, index) => Math.abs((scores[index] as number) / score - 1));
  console.log(`scores: ${Math.max(...differences).toExponential(1)}`);
  expect(Math.max(...differences)).toBeLessThan(TOLERANCE);
  await learner.dispose();
});

/** The method with answers and scores that were recorded in place of its own; what is collected is added to `steps`. */
function recorded({ rollouts }: PpoTrajectory, steps: Collected[]): Method {
  return {
    ...ppo,
    async openCollector(setting, learning) {
      const reference = await openReference(setting, learning);
      let scores: number[] = [];
      const collector = collectorOf(setting.spec.ppo, learning, {
        async answer({ examples, rows }, { draw }) {
          const step = /\/(\d+)$/.exec(draw)?.[1]; // of evaluations nothing is recorded
          const ofStep = step === undefined ? [] : (rollouts[Number(step) - 1] ?? []);
          const taken = step === undefined ? 0 : scores.length;
          const answers = rows.map((row, index): Answer => {
            const { response, score } = ofStep[taken + index] ?? { response: [0], score: 0 };
            scores.push(score);
            return { prompt: idsOf(examples, row), response, label: null };
          });
          return answers;
        },
        scorer: {
          async score() {
            const given = scores;
            scores = [];
            return given;
          },
          dispose: async () => {},
        },
        reference: batch => reference.logps(batch),
        dispose: () => reference.dispose(),
      });
      return {
        ...collector,
        async collect(batches, call) {
          const collected = await collector.collect(batches, call);
          if (!call.draw.endsWith('evaluation')) steps.push(collected);
          return collected;
        },
      };
    },
  };
}
