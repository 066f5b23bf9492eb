import path from 'node:path';
import type { RunRequest } from '../../src/protocol/run/spec.ts';
import { ROOT } from '../environment.ts';
import type { Study } from './study.ts';

// Preferences and rewards: DPO, a reward model, and PPO by a rule and by that reward model.

const sample = (...names: string[]): string => path.join(ROOT, 'samples', ...names);

const WORDS = '\\b(good|great|best|funny|moving|beautiful|wonderful)\\b';

const byRule =
  (klCoefficient: number) =>
  (seed: number): RunRequest => ({
    method: 'ppo',
    model: 'starter',
    dataset: {
      file: sample('SST-2', 'train.tsv'),
      columns: { prompt: 'sentence' },
      steps: [{ take: 1000 }, { filter: 'sentence | length > 40' }, { take: 240 }],
      split: { train: 0.5, validation: 0.1, test: 0.4, seed },
    },
    training: {
      maxSteps: 40,
      batchSize: 16,
      learningRate: 5e-5,
      schedule: 'constant',
      weightDecay: 0,
      maxPromptLength: 6,
      evaluateEvery: 20,
      evaluationBatches: 1,
      checkpointEvery: 1000,
      seed,
    },
    ppo: { rewardRule: { regex: WORDS }, klCoefficient, maxNewTokens: 12, temperature: 1, epochsPerBatch: 2 },
  });

const preferences = (seed: number): RunRequest['dataset'] => ({
  file: sample('instruction-data-with-preference.json'),
  steps: [{ take: 400 }],
  split: { train: 0.7, validation: 0.1, test: 0.2, seed },
});

const PREFERENCES = { batchSize: 8, epochs: 1, maxLength: 128, evaluateEvery: 1000, evaluationBatches: 2 } as const;

const pairs =
  (method: 'dpo' | 'reward', learningRate: number) =>
  (seed: number): RunRequest => ({
    method,
    model: 'starter',
    dataset: preferences(seed),
    training: { ...PREFERENCES, learningRate, warmupRatio: 0.1, seed },
  });

const byModel = (seed: number, rewardModel: string | undefined): RunRequest => ({
  method: 'ppo',
  model: 'starter',
  dataset: preferences(seed),
  training: {
    ...PREFERENCES,
    learningRate: 3e-5,
    schedule: 'constant',
    weightDecay: 0,
    evaluateEvery: 12,
    maxSteps: 35,
    checkpointEvery: 1000,
    seed,
  },
  ppo: {
    rewardModel: rewardModel ?? null,
    klCoefficient: 0.05,
    maxNewTokens: 16,
    temperature: 1,
    epochsPerBatch: 2,
    clipReward: 5,
  },
});

export const REWARD_STUDIES: readonly Study[] = [
  {
    id: 'ppo-rule',
    title: 'PPO by a rule, with and without a KL penalty',
    text:
      'The starter goes on from the first six tokens of SST-2’s sentences; a continuation of at most 12 tokens is worth 1 where it has ' +
      'one of seven words of praise, else 0. With a penalty for what the starting model finds unlikely the score rises ' +
      'at a bounded KL divergence; without one the policy writes whatever the rule pays for, which is reward hacking.',
    experiments: [
      { name: 'KL coefficient 0.05', seeds: [1, 2], request: byRule(0.05) },
      { name: 'KL coefficient 0', seeds: [1, 2], request: byRule(0) },
    ],
  },
  {
    id: 'preferences',
    title: 'Preferences: DPO beside a reward model with PPO',
    text:
      'The first 400 instructions of `samples/instruction-data-with-preference.json`, 280 of them for training and 80 that ' +
      'are never trained on. DPO learns from the pairs at once; the other way is a reward model from the same pairs, and ' +
      'then PPO on the prompts alone by what that model says.',
    experiments: [
      { name: 'DPO', seeds: [1], request: pairs('dpo', 1e-4) },
      { name: 'reward model', seeds: [1], request: pairs('reward', 3e-4) },
      { name: 'PPO', seeds: [1], before: pairs('reward', 3e-4), request: byModel },
    ],
  },
];
