import path from 'node:path';
import type { RunRequest } from '../../src/protocol/run/spec.ts';
import { ROOT } from '../environment.ts';
import { SEEDS, type Study } from './study.ts';

// Preferences and rewards: DPO, a reward model, and PPO by a rule and by that reward model.

const sample = (...names: string[]): string => path.join(ROOT, 'samples', ...names);

/** Small runs: what is shown is how they go, not how far one could get. */
const SMALL = { trainable: { layers: { last: 2 } } } as const;
const POLICY = { learningRate: 2e-4, schedule: 'constant', weightDecay: 0, checkpointEvery: 1000 } as const;

const byRule =
  (klCoefficient: number, maxSteps = 30) =>
  (seed: number): RunRequest => ({
    method: 'ppo',
    model: 'starter',
    dataset: {
      file: sample('SST-2', 'dev.tsv'),
      columns: { prompt: 'sentence' },
      steps: [{ take: 96 }],
      split: { train: 0.5, validation: 0.125, test: 0.375, seed },
    },
    training: {
      ...POLICY,
      maxSteps,
      batchSize: 8,
      maxPromptLength: 6,
      evaluateEvery: maxSteps / 2,
      evaluationBatches: 1,
      seed,
    },
    ...SMALL,
    ppo: { rewardRule: { contains: ' the' }, klCoefficient, maxNewTokens: 8, temperature: 1, epochsPerBatch: 2 },
  });

const preferences = (seed: number): RunRequest['dataset'] => ({
  file: sample('instruction-data-with-preference.json'),
  steps: [{ take: 200 }],
  split: { train: 0.6, validation: 0.1, test: 0.3, seed },
});

const PREFERENCES = { batchSize: 8, epochs: 1, maxLength: 96, evaluateEvery: 1000, evaluationBatches: 1 } as const;

const pairs =
  (method: 'dpo' | 'reward', learningRate: number) =>
  (seed: number): RunRequest => ({
    method,
    model: 'starter',
    dataset: preferences(seed),
    training: { ...PREFERENCES, learningRate, warmupRatio: 0.1, seed },
    ...SMALL,
  });

const byModel = (seed: number, rewardModel = ''): RunRequest => ({
  method: 'ppo',
  model: 'starter',
  dataset: preferences(seed),
  training: { ...PREFERENCES, ...POLICY, maxSteps: 30, evaluateEvery: 15, seed },
  ...SMALL,
  ppo: { rewardModel, klCoefficient: 0.05, maxNewTokens: 16, temperature: 1, epochsPerBatch: 2, clipReward: 5 },
});

export const REWARD_STUDIES: readonly Study[] = [
  {
    id: 'ppo-rule',
    title: 'PPO by a rule, with and without a KL penalty',
    text:
      'The starter goes on from the first six tokens of 48 of SST-2’s development sentences, and is tested on 36 others. A ' +
      'continuation of at most eight tokens is worth 1 where it has a word that begins with “the”, else 0. Each run ' +
      'is as long as its chart says: what is to be seen is how far the policy goes from the starting model for its score, ' +
      'with a penalty for that and without one.',
    experiments: [
      { name: 'KL coefficient 0.05', seeds: SEEDS, request: byRule(0.05) },
      { name: 'KL coefficient 0', seeds: SEEDS, request: byRule(0) },
      { name: 'KL coefficient 0, four times as long', seeds: [1], request: byRule(0, 120) },
      { name: 'KL coefficient 0.05, four times as long', seeds: [1], request: byRule(0.05, 120) },
    ],
  },
  {
    id: 'preferences',
    title: 'Preferences: DPO beside a reward model with PPO',
    text:
      'The first 200 instructions of `samples/instruction-data-with-preference.json`: 120 for training and 60 that are never ' +
      'trained on. DPO learns from the pairs at once; the other way is a reward model from the same pairs, and then PPO on ' +
      'the prompts alone by what that model says.',
    experiments: [
      { name: 'DPO', seeds: SEEDS, request: pairs('dpo', 3e-4) },
      { name: 'reward model', seeds: SEEDS, request: pairs('reward', 1e-3) },
      { name: 'PPO', seeds: [1], before: pairs('reward', 1e-3), request: byModel },
    ],
  },
];
