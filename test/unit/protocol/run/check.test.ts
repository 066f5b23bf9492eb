import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../src/protocol/run/check.ts';
import { complete } from '../../../../src/protocol/run/defaults.ts';
import type { RunRequest } from '../../../../src/protocol/run/spec.ts';
import { problemsOfText, requestOfText } from '../../../../src/protocol/run/text.ts';

const LM: RunRequest = { method: 'lm', model: 'starter', dataset: { file: 'a.txt' } };
const SFT: RunRequest = { method: 'sft', model: 'starter', dataset: { file: 'a.json' } };
const SPAM: RunRequest = { method: 'classification', model: './models/gpt2', dataset: { file: 'a.tsv' } };
const DPO: RunRequest = { method: 'dpo', model: 'starter', dataset: { file: 'a.json' } };

type Row = readonly [what: string, request: unknown, path: string, message: RegExp, remedy: RegExp];

/** What is wrong, where it is, and what is said of it. */
const INVALID: readonly Row[] = [
  ['no object', [SFT], 'run.json', /run\.json is \[/, /"method"/],
  ['no method', { model: 'starter', dataset: { file: 'a' } }, 'method', /method is missing/, /"lm", "sft"/],
  ['no model', { method: 'sft', dataset: { file: 'a' } }, 'model', /model is missing/, /a folder, an id/],
  ['no dataset', { method: 'sft', model: 'starter' }, 'dataset.file', /dataset\.file is missing/, /path of a file/],
  ['a method that is none', { ...SFT, method: 'sftt' }, 'method', /method is "sftt"/, /"lm", "sft"/],
  ['an empty model', { ...SFT, model: ' ' }, 'model', /model is " "/, /models list/],
  ['a field that is none', { ...SFT, trainning: {} }, 'trainning', /no such field/, /one of method, model/],
  [
    'another spelling',
    { ...SFT, training: { learning_rate: 1e-4 } },
    'training.learning_rate',
    /no such field/,
    /training\.learningRate/,
  ],
  ['another place', { ...SFT, epochs: 3 }, 'epochs', /no such field/, /Write training\.epochs/],
  ['nearly a name', { ...SFT, training: { epoch: 3 } }, 'training.epoch', /no such field/, /Write training\.epochs/],
  ['a section that is none', { ...SFT, training: 5 }, 'training', /training is 5/, /an object with some of epochs/],
  ['half an epoch', { ...SFT, training: { epochs: 0.5 } }, 'training.epochs', /is 0\.5/, /a whole number from 1/],
  ['a rate of 0', { ...SFT, training: { learningRate: 0 } }, 'training.learningRate', /is 0\./, /above 0/],
  ['a rate in words', { ...SFT, training: { learningRate: '5e-5' } }, 'training.learningRate', /is "5e-5"/, /a number/],
  [
    'three betas',
    { ...SFT, training: { betas: [0.9, 0.99, 0.9] } },
    'training.betas',
    /\[0\.9,0\.99,0\.9\]/,
    /two numbers/,
  ],
  ['a dropout of 1', { ...SFT, training: { dropout: 1 } }, 'training.dropout', /is 1\./, /below 1/],
  ['evaluations by day', { ...SFT, training: { evaluateEvery: 'day' } }, 'training.evaluateEvery', /"day"/, /"epoch"/],
  ['padding by word', { ...SFT, training: { padding: 'long' } }, 'training.padding', /"long"/, /"batch", "longest"/],
  [
    'a role that is none',
    { ...SFT, dataset: { file: 'a', columns: { answer: 'b' } } },
    'dataset.columns',
    /answer/,
    /roles \(text, label/,
  ],
  [
    'a step that is none',
    { ...SFT, dataset: { file: 'a', steps: [{ sort: 'b' }] } },
    'dataset.steps',
    /sort/,
    /"filter"/,
  ],
  [
    'shares beyond 1',
    { ...SFT, dataset: { file: 'a', split: { train: 0.9, validation: 0.1, test: 0.1 } } },
    'dataset.split',
    /add up to 1\.1/,
    /add up to 1/,
  ],
  [
    'nothing to learn from',
    { ...SFT, dataset: { file: 'a', split: { train: 0, validation: 0.5, test: 0.5 } } },
    'dataset.split.train',
    /Nothing would be left/,
    /above 0/,
  ],
  [
    'parts in a wrong order',
    { ...SFT, dataset: { file: 'a', split: { order: ['train', 'test'] } } },
    'dataset.split.order',
    /"train","test"/,
    /each of/,
  ],
  [
    'shares and files',
    { ...SFT, dataset: { file: 'a', split: { train: 1, files: {} } } },
    'dataset.split',
    /or files of their own/,
    /Leave the shares out/,
  ],
  [
    'layers and an adapter',
    { ...SFT, trainable: { layers: 'all', lora: {} } },
    'trainable',
    /layers or lora/,
    /exactly one/,
  ],
  [
    'no last block',
    { ...SFT, trainable: { layers: { last: 0 } } },
    'trainable.layers',
    /"last":0/,
    /last so many blocks/,
  ],
  [
    'an adapter on a matrix that is none',
    { ...SFT, trainable: { lora: { targets: ['q_proj'] } } },
    'trainable.lora.targets',
    /q_proj/,
    /"c_attn"/,
  ],
  ['one label', { ...SPAM, classification: { labels: ['ham'] } }, 'classification.labels', /\["ham"\]/, /two or more/],
  [
    'half a hidden layer',
    { ...SPAM, classification: { hidden: { size: 10, activation: 'relu' } } },
    'classification.hidden.dropout',
    /missing/,
    /from 0/,
  ],
  [
    'pooling of another method',
    { ...SFT, classification: { pooling: 'mean' } },
    'classification.pooling',
    /no effect here.*classification/,
    /Leave it out/,
  ],
  [
    'completions of labels',
    { ...SPAM, training: { completionOnly: false } },
    'training.completionOnly',
    /no effect here.*sft/,
    /Leave it out/,
  ],
  [
    'momentum of adamw',
    { ...SFT, training: { momentum: 0.9 } },
    'training.momentum',
    /no effect here.*sgd/,
    /Leave it out/,
  ],
  [
    'a metric of another method',
    { ...SFT, training: { keepBest: 'evalAccuracy' } },
    'training.keepBest',
    /no such figure/,
    /evalLoss/,
  ],
  [
    'the best of nothing',
    {
      ...SFT,
      training: { keepBest: 'evalLoss' },
      dataset: { file: 'a', split: { train: 0.9, validation: 0, test: 0.1 } },
    },
    'training.keepBest',
    /no validation rows/,
    /above 0/,
  ],
  [
    'a prompt that takes all',
    { ...SFT, training: { maxLength: 64, maxPromptLength: 64 } },
    'training.maxPromptLength',
    /no room/,
    /smaller/,
  ],
  [
    'random weights that stay',
    { ...LM, initialize: 'random', trainable: { lora: {} } },
    'initialize',
    /stay as they are/,
    /Start from weights/,
  ],
  ['half precision on a processor', { ...SFT, precision: 'f16', device: 'cpu' }, 'precision', /CUDA only/, /f32/],
  ['a device that is none', { ...SFT, device: 'gpu' }, 'device', /"gpu"/, /cuda:0/],
  ['ppo without a reward', { ...SFT, method: 'ppo' }, 'ppo.rewardModel', /must be a reward model or/, /exactly one/],
  [
    'ppo with two rewards',
    { ...SFT, method: 'ppo', ppo: { rewardModel: './reward', rewardRule: { contains: 'x' } } },
    'ppo.rewardModel',
    /a reward model and a reward rule/,
    /exactly one/,
  ],
  [
    'a rule that is no regular expression',
    { ...SFT, method: 'ppo', ppo: { rewardRule: { regex: '(' } } },
    'ppo.rewardRule',
    /no regular expression.*nterminated group/,
    /contains/,
  ],
  [
    'a rule of no known kind',
    { ...SFT, method: 'ppo', ppo: { rewardRule: { endsWith: 'x' } } },
    'ppo.rewardRule',
    /endsWith/,
    /startsWith/,
  ],
  [
    'dropout for ppo',
    { ...SFT, method: 'ppo', ppo: { rewardRule: { contains: 'x' } }, training: { dropout: 0.1 } },
    'training.dropout',
    /dropout would set them apart/,
    /Set it to 0/,
  ],
  [
    'labels for a rule that looks at none',
    { ...SFT, method: 'ppo', ppo: { rewardRule: { contains: 'x' } }, classification: { labels: ['a', 'b'] } },
    'classification.labels',
    /where the label is the reward/,
    /Leave it out/,
  ],
  ['labels smoothed by half', { ...DPO, dpo: { labelSmoothing: 0.5 } }, 'dpo.labelSmoothing', /is 0\.5/, /below 0\.5/],
  [
    'smoothing for ipo',
    { ...DPO, dpo: { loss: 'ipo', labelSmoothing: 0.1 } },
    'dpo.labelSmoothing',
    /no effect.*ipo/,
    /Leave it out/,
  ],
  [
    'beta for a reward model',
    { ...DPO, method: 'reward', dpo: { beta: 0.1 } },
    'dpo.beta',
    /method dpo/,
    /Leave it out/,
  ],
  [
    'a reward at the padded end',
    { ...DPO, method: 'reward', reward: { pooling: 'position' } },
    'reward.pooling',
    /"position"/,
    /"last", "first" or "mean"/,
  ],
  [
    'an accuracy that dpo has not',
    { ...DPO, training: { keepBest: 'evalAccuracy' } },
    'training.keepBest',
    /dpo/,
    /evalRewardsAccuracy/,
  ],
  [
    'PPO by PyTorch',
    { ...SFT, method: 'ppo', backend: 'torch', ppo: { rewardRule: { contains: 'x' } } },
    'method',
    /"ppo"/,
    /onnx|lm, sft/,
  ],
  ['a Mac’s device for PyTorch', { ...SFT, backend: 'torch', device: 'coreml' }, 'device', /"coreml"/, /cuda/],
  [
    'one GPU for two processes',
    { ...SFT, backend: 'torch', device: 'cuda:1', torch: { processes: 2 } },
    'device',
    /2 processes/,
    /one process/,
  ],
  [
    'processes that machines can’t share',
    { ...SFT, backend: 'torch', torch: { processes: 3, machines: 2, mainAddress: 'first' } },
    'torch.processes',
    /all 2 machines/,
    /multiple of 2/,
  ],
  [
    'machines that don’t know where to meet',
    { ...SFT, backend: 'torch', torch: { processes: 2, machines: 2 } },
    'torch.mainAddress',
    /where they meet/,
    /first machine/,
  ],
];

describe('what is refused before anything starts', () => {
  it.each(INVALID)('%s', (_, request, path, message, remedy) => {
    const problems = problemsOf(request);
    expect(problems.map(problem => problem.path)).toContain(path);
    const { reason } = problems.find(problem => problem.path === path) ?? {};
    expect(reason?.message).toMatch(message);
    expect(reason?.remedy).toMatch(remedy);
    expect(reason?.message).toContain(path);
  });

  it('all that is wrong is told at once', () => {
    const request = { ...SFT, model: '', training: { epochs: 0, batchSize: -1 } };
    expect(problemsOf(request).map(({ path }) => path)).toEqual(['model', 'training.epochs', 'training.batchSize']);
  });
});

describe('what can be started', () => {
  it.each<readonly [string, RunRequest]>([
    ['texts', LM],
    ['from random weights', { ...LM, initialize: 'random' }],
    [
      'instructions',
      { ...SFT, dataset: { file: 'a.json', template: 'alpaca' }, training: { epochs: 3, maxSteps: 10 } },
    ],
    ['an adapter', { ...SPAM, trainable: { lora: { rank: 4, targets: ['c_attn'] } } }],
    [
      'label words',
      { ...SFT, sft: { labelWords: { '0': 'negative', '1': 'positive' } }, training: { keepBest: 'evalAccuracy' } },
    ],
    [
      'files for the parts',
      { ...SPAM, dataset: { file: 'a.tsv', split: { files: { validation: 'b.tsv' } } }, training: { patience: 3 } },
    ],
    ['pairs', { ...DPO, dpo: { beta: 0.1, labelSmoothing: 0.2 }, training: { keepBest: 'evalRewardsAccuracy' } }],
    ['pairs by ipo', { ...DPO, dpo: { loss: 'ipo', reference: 'openai-community/gpt2' } }],
    ['ranked answers', { ...DPO, method: 'reward', reward: { pooling: 'mean', centerCoefficient: 0.01 } }],
    ['a padded end that is each batch’s own', { ...SPAM, classification: { pooling: 'position' } }],
    ['PyTorch', { ...SFT, backend: 'torch', torch: { processes: 2 } }],
    ['half precision', { ...SFT, device: 'cuda:1', precision: 'f16' }],
    ['PyTorch in half precision', { ...SFT, backend: 'torch', device: 'cuda', precision: 'bf16' }],
    ['a fixed padded end', { ...SPAM, classification: { pooling: 'position' }, training: { padding: 'longest' } }],
  ])('%s, as it is written and with its defaults', (_, request) => {
    expect(problemsOf(request)).toEqual([]);
    expect(problemsOf(complete(request))).toEqual([]);
  });
});

describe('a run.json as text', () => {
  const text = `{
  // spam or not
  "method": "classification", "model": "starter",
  "dataset": { "file": "a.tsv", },
  "training": { "epochs": 0 }
}`;

  it('may have comments and a comma after the last item; a problem has its place', () => {
    const [problem, ...others] = problemsOfText(text);
    expect(others).toEqual([]);
    expect(text.slice(problem?.start, problem?.end)).toBe('"epochs"');
    expect(problem?.reason.message).toBe('training.epochs is 0.');
    expect(requestOfText(text.replace('"epochs": 0', ''), 'x')).toMatchObject({ dataset: { file: 'a.tsv' } });
    expect(() => requestOfText(text, 'x.run.json')).toThrow('x.run.json: training.epochs is 0.');
  });

  it.each([
    ['{"method": "sft", "model": "starter"}', /dataset\.file is missing/, 0],
    ['{"method": sft}', /not JSON.*line 1/, 11],
    ['', /not JSON/, 0],
  ])('%j', (broken, message, start) => {
    const [problem] = problemsOfText(broken);
    expect(problem?.reason.message).toMatch(message);
    expect(problem?.start).toBe(start);
  });
});
