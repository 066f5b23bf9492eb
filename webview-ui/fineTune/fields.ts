import { metricsOf } from '../../src/protocol/run/evaluated.ts';
import type { MethodName, RunSpec } from '../../src/protocol/run/spec.ts';

/** How a field's value is written. */
export type FieldKind =
  | { readonly is: 'number' }
  /** A number, or one of these words. */
  | { readonly is: 'number or word'; readonly words: readonly string[] }
  | { readonly is: 'text'; readonly offered?: readonly string[] }
  | { readonly is: 'yes' }
  | { readonly is: 'choice'; choices(spec: RunSpec): ReadonlyArray<readonly [value: string | null, title: string]> }
  | { readonly is: 'list'; readonly of: 'numbers' | 'texts' }
  | { readonly is: 'words' }
  /** `contains: good`, `startsWith: Yes`, `regex: ^\d`, or `label`. */
  | { readonly is: 'rule' };

export interface Field {
  readonly path: string;
  readonly title: string;
  readonly kind: FieldKind;
  /** What an empty field stands for, where its default is null. */
  readonly absent?: string;
  readonly methods?: readonly MethodName[];
}

export interface FieldGroup {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly Field[];
  /** Laid open only when asked for. */
  readonly closed?: true;
}

const NUMBER = { is: 'number' } as const;
const YES = { is: 'yes' } as const;
const choice = (...choices: ReadonlyArray<readonly [string | null, string]>): FieldKind => ({
  is: 'choice',
  choices: () => choices,
});
const words = (...of: readonly string[]): FieldKind => ({ is: 'number or word', words: of });

/** Every field of run.json that a form can show as one control, in its order. What is more than that has a view of its own. */
export const FIELD_GROUPS: readonly FieldGroup[] = [
  {
    id: 'data',
    title: 'Data',
    fields: [
      {
        path: 'dataset.template',
        title: 'Template',
        kind: { is: 'text', offered: ['alpaca', 'question-answer', 'phi-3', 'none'] },
        absent: 'alpaca or none',
      },
      { path: 'training.maxLength', title: 'Longest sequence', kind: NUMBER, absent: 'the context' },
      { path: 'training.maxPromptLength', title: 'Longest prompt', kind: NUMBER, absent: 'no limit' },
      {
        path: 'training.tooLong',
        title: 'Rows that are longer',
        kind: choice(['cut', 'are cut'], ['drop', 'are left out']),
      },
      {
        path: 'training.truncate',
        title: 'Cut at',
        kind: choice(['right', 'the end'], ['left', 'the beginning of the prompt']),
      },
      { path: 'training.padding', title: 'Fill up to', kind: words('batch', 'longest') },
      { path: 'training.completionOnly', title: 'Learn completions only', kind: YES },
      { path: 'training.endToken', title: 'Learn to stop', kind: YES },
    ],
  },
  {
    id: 'model',
    title: 'Model and what trains',
    fields: [
      {
        path: 'initialize',
        title: 'Start from',
        kind: choice(['weights', 'the model’s weights'], ['random', 'random weights']),
      },
      {
        path: 'classification.pooling',
        title: 'The head reads',
        kind: choice(
          ['last', 'the last token'],
          ['first', 'the first token'],
          ['mean', 'the mean of all'],
          ['position', 'the padded end'],
        ),
      },
      {
        path: 'classification.labels',
        title: 'Labels',
        kind: { is: 'list', of: 'texts' },
        absent: 'those of the rows',
      },
      { path: 'classification.bias', title: 'Bias of the head', kind: YES },
      {
        path: 'sft.labelWords',
        title: 'Words for labels',
        kind: { is: 'words' },
        absent: 'such as 0: negative, 1: positive',
      },
      {
        path: 'reward.pooling',
        title: 'The head reads',
        kind: choice(['last', 'the last token'], ['first', 'the first token'], ['mean', 'the mean of all']),
      },
      { path: 'reward.centerCoefficient', title: 'Centering of scores', kind: NUMBER, absent: 'none' },
      { path: 'dpo.beta', title: 'Beta', kind: NUMBER },
      { path: 'dpo.loss', title: 'Loss', kind: choice(['sigmoid', 'sigmoid'], ['ipo', 'IPO']) },
      { path: 'dpo.labelSmoothing', title: 'Label smoothing', kind: NUMBER },
      { path: 'dpo.reference', title: 'Reference model', kind: { is: 'text' }, absent: 'the starting model' },
      { path: 'ppo.rewardModel', title: 'Reward model', kind: { is: 'text' }, absent: 'a rule instead' },
      { path: 'ppo.rewardRule', title: 'Reward rule', kind: { is: 'rule' }, absent: 'a reward model instead' },
      { path: 'ppo.maxNewTokens', title: 'Tokens of an answer', kind: NUMBER },
      { path: 'ppo.temperature', title: 'Temperature', kind: NUMBER },
      { path: 'ppo.klCoefficient', title: 'KL coefficient', kind: NUMBER },
      { path: 'ppo.targetKl', title: 'KL to aim at', kind: NUMBER, absent: 'the coefficient stays' },
      { path: 'ppo.epochsPerBatch', title: 'Updates of a batch', kind: NUMBER },
      { path: 'ppo.clipRange', title: 'Clip range', kind: NUMBER },
      { path: 'ppo.valueClipRange', title: 'Clip range of values', kind: NUMBER },
      { path: 'ppo.valueCoefficient', title: 'Weight of the value loss', kind: NUMBER },
      { path: 'ppo.gamma', title: 'Discount', kind: NUMBER },
      { path: 'ppo.lambda', title: 'Lambda', kind: NUMBER },
      { path: 'ppo.whitenRewards', title: 'Whiten rewards', kind: YES },
      { path: 'ppo.clipReward', title: 'Scores within', kind: NUMBER, absent: 'no limit' },
      { path: 'training.dropout', title: 'Dropout', kind: NUMBER },
    ],
  },
  {
    id: 'optimizer',
    title: 'Optimizer',
    fields: [
      { path: 'training.optimizer', title: 'Optimizer', kind: choice(['adamw', 'AdamW'], ['sgd', 'SGD']) },
      { path: 'training.learningRate', title: 'Learning rate', kind: NUMBER },
      { path: 'training.weightDecay', title: 'Weight decay', kind: NUMBER },
      { path: 'training.decay', title: 'What decays', kind: choice(['matrices', 'matrices'], ['all', 'everything']) },
      { path: 'training.maxGradientNorm', title: 'Gradient norm at most', kind: NUMBER, absent: 'no clipping' },
      { path: 'training.betas', title: 'Betas', kind: { is: 'list', of: 'numbers' } },
      { path: 'training.epsilon', title: 'Epsilon', kind: NUMBER },
      { path: 'training.momentum', title: 'Momentum', kind: NUMBER },
    ],
  },
  {
    id: 'schedule',
    title: 'Schedule',
    fields: [
      { path: 'training.epochs', title: 'Epochs', kind: NUMBER },
      { path: 'training.maxSteps', title: 'Steps at most', kind: NUMBER, absent: 'by epochs' },
      { path: 'training.batchSize', title: 'Rows of a batch', kind: NUMBER },
      { path: 'training.accumulation', title: 'Batches of a step', kind: NUMBER },
      {
        path: 'training.schedule',
        title: 'Learning rate',
        kind: choice(['linear', 'falls in a line'], ['cosine', 'falls as a cosine'], ['constant', 'stays']),
      },
      { path: 'training.warmupSteps', title: 'Warm-up steps', kind: NUMBER },
      { path: 'training.warmupRatio', title: 'Warm-up share', kind: NUMBER, absent: 'by steps' },
      { path: 'training.shuffle', title: 'Shuffle each epoch', kind: YES },
      { path: 'training.dropLast', title: 'Only whole steps', kind: YES },
      { path: 'training.seed', title: 'Seed', kind: NUMBER },
    ],
  },
  {
    id: 'evaluation',
    title: 'Evaluation and checkpoints',
    fields: [
      { path: 'training.evaluateEvery', title: 'Evaluate every', kind: words('epoch') },
      { path: 'training.evaluationBatches', title: 'Batches evaluated', kind: NUMBER, absent: 'all' },
      { path: 'training.checkpointEvery', title: 'Checkpoint every', kind: words('epoch') },
      { path: 'training.keepCheckpoints', title: 'Checkpoints kept', kind: NUMBER },
      {
        path: 'training.keepBest',
        title: 'Keep the best by',
        kind: {
          is: 'choice',
          choices: spec => [[null, 'none'], ...metricsOf(spec).map(name => [name, name] as const)],
        },
      },
      { path: 'training.patience', title: 'Patience', kind: NUMBER, absent: 'no early stop' },
      { path: 'training.logEvery', title: 'Log every', kind: NUMBER },
    ],
  },
  {
    id: 'advanced',
    title: 'Advanced',
    closed: true,
    fields: [
      { path: 'device', title: 'Device', kind: { is: 'text', offered: ['auto', 'cpu', 'cuda'] } },
      { path: 'threads', title: 'Threads', kind: NUMBER, absent: 'all' },
      {
        path: 'precision',
        title: 'Precision',
        kind: choice(['f32', 'float32'], ['f16', 'float16'], ['bf16', 'bfloat16']),
      },
      {
        path: 'training.backward',
        title: 'Gradients',
        kind: choice(['auto', 'as memory asks for'], ['whole', 'all blocks at once'], ['blocks', 'block by block']),
      },
      { path: 'backend', title: 'Trained by', kind: choice(['onnx', 'LM Lab'], ['torch', 'PyTorch']) },
      { path: 'torch.processes', title: 'Processes', kind: NUMBER },
      { path: 'torch.machines', title: 'Machines', kind: NUMBER },
      { path: 'torch.mainAddress', title: 'First machine', kind: { is: 'text' }, absent: 'this one' },
      { path: 'torch.mainPort', title: 'Port to meet at', kind: NUMBER, absent: 'any, or 29500' },
      { path: 'torch.python', title: 'Python', kind: { is: 'text' }, absent: 'the setting’s' },
      { path: 'torch.accelerateConfig', title: 'Accelerate’s file', kind: { is: 'text' }, absent: 'none' },
    ],
  },
];

/** Of the adapter, and of the hidden layer: shown where there is one. */
export const LORA_FIELDS: readonly Field[] = [
  { path: 'trainable.lora.rank', title: 'Rank', kind: NUMBER },
  { path: 'trainable.lora.alpha', title: 'Alpha', kind: NUMBER },
  { path: 'trainable.lora.dropout', title: 'Dropout of the adapter', kind: NUMBER },
  { path: 'trainable.lora.targets', title: 'Matrices', kind: { is: 'list', of: 'texts' } },
];

export const HIDDEN_FIELDS: readonly Field[] = [
  { path: 'classification.hidden.size', title: 'Width of the layer', kind: NUMBER },
  {
    path: 'classification.hidden.activation',
    title: 'Activation',
    kind: choice(['relu', 'ReLU'], ['gelu', 'GELU'], ['tanh', 'tanh']),
  },
  { path: 'classification.hidden.dropout', title: 'Dropout of the layer', kind: NUMBER },
];

export const SPLIT_FIELDS: readonly Field[] = [
  { path: 'dataset.split.shuffle', title: 'Shuffle before', kind: YES },
  { path: 'dataset.split.seed', title: 'Seed of the split', kind: NUMBER },
];
