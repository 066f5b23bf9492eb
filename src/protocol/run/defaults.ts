import type { RunRequest, RunSpec, SplitSpec } from './spec.ts';

export const DEFAULT_SPLIT = {
  train: 0.85,
  validation: 0.05,
  test: 0.1,
  shuffle: true,
  seed: 123,
  order: ['train', 'validation', 'test'],
} as const satisfies SplitSpec;

export const DEFAULTS = {
  dataset: { header: null, columns: {}, template: null, steps: [], split: DEFAULT_SPLIT },
  training: {
    epochs: 2,
    maxSteps: null,
    batchSize: 8,
    accumulation: 1,
    backward: 'auto',
    dropLast: false,
    shuffle: true,
    seed: 123,
    optimizer: 'adamw',
    momentum: 0,
    learningRate: 5e-5,
    schedule: 'linear',
    warmupSteps: 0,
    warmupRatio: null,
    weightDecay: 0.1,
    decay: 'matrices',
    betas: [0.9, 0.999],
    epsilon: 1e-8,
    maxGradientNorm: 1,
    maxLength: null,
    maxPromptLength: null,
    tooLong: 'cut',
    truncate: 'right',
    padding: 'batch',
    endToken: true,
    completionOnly: true,
    dropout: 0,
    evaluateEvery: 50,
    evaluationBatches: 5,
    checkpointEvery: 200,
    keepCheckpoints: 2,
    keepBest: null,
    patience: null,
    logEvery: 1,
  },
  trainable: { layers: 'all' },
  classification: { pooling: 'last', labels: null, hidden: null, bias: false },
  sft: { labelWords: null },
  dpo: { beta: 0.3, loss: 'sigmoid', labelSmoothing: 0, reference: null },
  reward: { pooling: 'last', centerCoefficient: null },
  ppo: {
    rewardModel: null,
    klCoefficient: 0.05,
    clipRange: 0.2,
    valueCoefficient: 0.1,
    gamma: 1,
    lambda: 0.95,
    epochsPerBatch: 4,
    maxNewTokens: 53,
    temperature: 0.7,
    valueClipRange: 0.2,
    whitenRewards: false,
    clipReward: null,
    targetKl: null,
    rewardRule: null,
  },
  device: 'auto',
  threads: null,
  precision: 'f32',
  initialize: 'weights',
  backend: 'onnx',
  torch: {
    python: null,
    processes: 1,
    machines: 1,
    mainAddress: null,
    mainPort: null,
    accelerateConfig: null,
  },
} as const satisfies Omit<RunSpec, 'method' | 'model' | 'dataset'> & { dataset: Omit<RunSpec['dataset'], 'file'> };

/** LoRA's values where `lora` leaves them out. */
export const DEFAULT_LORA = { rank: 16, alpha: 16, dropout: 0, targets: ['c_attn', 'c_proj', 'c_fc'] } as const;

/** The request with its defaults filled in. What it holds is not checked here. */
export function complete(request: RunRequest): RunSpec {
  const { trainable = DEFAULTS.trainable, dataset } = request;
  const split = dataset.split && 'files' in dataset.split ? dataset.split : { ...DEFAULT_SPLIT, ...dataset.split };
  return {
    ...DEFAULTS,
    ...request,
    dataset: { ...DEFAULTS.dataset, ...dataset, split },
    training: { ...DEFAULTS.training, ...request.training },
    trainable: 'lora' in trainable ? { lora: { ...DEFAULT_LORA, ...trainable.lora } } : trainable,
    classification: { ...DEFAULTS.classification, ...request.classification },
    sft: { ...DEFAULTS.sft, ...request.sft },
    dpo: { ...DEFAULTS.dpo, ...request.dpo },
    reward: { ...DEFAULTS.reward, ...request.reward },
    ppo: { ...DEFAULTS.ppo, ...request.ppo },
    torch: { ...DEFAULTS.torch, ...request.torch },
  };
}
