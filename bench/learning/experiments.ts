import path from 'node:path';
import type { RunRequest, TrainableSpec, TrainingSpec } from '../../src/protocol/run/spec.ts';
import { ROOT } from '../environment.ts';
import { REWARD_STUDIES } from './rewards.ts';
import { type Experiment, type Study, SEEDS } from './study.ts';

const LORA = { lora: { rank: 16, alpha: 16, dropout: 0, targets: ['c_attn', 'c_proj', 'c_fc'] } } as const;

/** What may train, each with the learning rate that suits it. */
const WAYS: ReadonlyArray<{
  readonly name: string;
  readonly trainable: TrainableSpec;
  readonly learningRate: number;
}> = [
  { name: 'all layers', trainable: { layers: 'all' }, learningRate: 3e-4 },
  { name: 'last block', trainable: { layers: { last: 1 } }, learningRate: 1e-3 },
  { name: 'head only', trainable: { layers: 'head' }, learningRate: 1e-2 },
  { name: 'LoRA, rank 16', trainable: LORA, learningRate: 2e-3 },
];

const sample = (...names: string[]): string => path.join(ROOT, 'samples', ...names);

const classifiers = (dataset: (seed: number) => RunRequest['dataset'], training: Partial<TrainingSpec>): Experiment[] =>
  WAYS.map(({ name, trainable, learningRate }) => ({
    name,
    seeds: SEEDS,
    request: seed => ({
      method: 'classification',
      model: 'starter',
      dataset: dataset(seed),
      training: { ...training, learningRate, seed },
      trainable,
    }),
  }));

export const STUDIES: readonly Study[] = [
  {
    id: 'sms-spam',
    title: 'SMS spam',
    text:
      'Spam or not, from `samples/sms-spam.tsv` balanced by undersampling: 747 messages of each kind, split ' +
      '0.7/0.1/0.2 (1,045, 149 and 300 messages). Seeds change the split, the order and the starting head.',
    experiments: classifiers(
      seed => ({
        file: sample('sms-spam.tsv'),
        columns: { label: 'column1', text: 'column2' },
        steps: [{ balance: 'column1' }],
        split: { train: 0.7, validation: 0.1, test: 0.2, seed },
      }),
      { epochs: 3, batchSize: 8, warmupRatio: 0.1, evaluateEvery: 44, evaluationBatches: 19 },
    ),
  },
  {
    id: 'sst-2',
    title: 'SST-2 with 2,000 training sentences',
    text:
      'Positive or negative: the first 2,000 rows of `samples/SST-2/train.tsv`, many of them bits of sentences; validated ' +
      '(on its beginning) and tested on the 872 development sentences, by which nothing is chosen. The starter has read ' +
      'SST-2’s sentences without their labels.',
    experiments: classifiers(
      () => ({
        file: sample('SST-2', 'train.tsv'),
        columns: { label: 'label', text: 'sentence' },
        steps: [{ take: 2000 }, { derive: { sentence: '{{ sentence | trim }}' } }],
        split: { files: { validation: sample('SST-2', 'dev.tsv'), test: sample('SST-2', 'dev.tsv') } },
      }),
      { epochs: 3, batchSize: 16, warmupRatio: 0.1, evaluateEvery: 47, evaluationBatches: 10 },
    ),
  },
  {
    id: 'instructions',
    title: 'Instruction tuning',
    text:
      'Answers to the 1,100 instructions of `samples/instruction-data.json` in the alpaca template, loss on the answers ' +
      'alone, split 0.85/0.05/0.1.',
    experiments: [
      {
        name: 'all layers',
        seeds: [1],
        request: seed => ({
          method: 'sft',
          model: 'starter',
          dataset: { file: sample('instruction-data.json'), split: { seed } },
          training: {
            epochs: 4,
            batchSize: 8,
            learningRate: 1e-3,
            schedule: 'cosine',
            warmupRatio: 0.05,
            evaluateEvery: 40,
            evaluationBatches: null,
            seed,
          },
        }),
      },
    ],
  },
  ...REWARD_STUDIES,
];
