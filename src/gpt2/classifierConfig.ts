import { Reasoned } from '../protocol/result.ts';
import type { ClassificationSpec, Pooling } from '../protocol/run/spec.ts';

/**
 * The tensors of a classifier's head, as torch's Linear keeps them. `score.weight` is transformers' own; the hidden layer
 * and the bias are ours, and its class leaves them unread.
 */
export const HEAD_TENSORS = {
  /** [labels, D], or [labels, size] after a hidden layer. */
  score: 'score.weight',
  /** [labels] */
  bias: 'score.bias',
  /** [size, D] and [size] */
  hiddenWeight: 'classification.hidden.weight',
  hiddenBias: 'classification.hidden.bias',
} as const;

/** What config.json says of a classifier beside its trunk. */
export interface ClassifierConfig {
  readonly pooling: Pooling;
  /** What sequences are filled up to where the state is read at the padded end; null elsewhere. */
  readonly paddedLength: number | null;
  readonly hidden: { readonly size: number; readonly activation: 'relu' | 'gelu' | 'tanh' } | null;
  readonly bias: boolean;
  /** The id that `last` and `mean` look away from, and that the padded end is made of; null: none. */
  readonly padToken: number | null;
}

/** What of it goes into config.json as `lm_lab`, beside transformers' own fields. */
export type SavedHead = Pick<ClassificationSpec, 'pooling' | 'hidden' | 'bias'> &
  Pick<ClassifierConfig, 'paddedLength'>;

/** What config.json says that sequences were filled up to. */
export const savedPadding = (json: Readonly<Record<string, unknown>>): number | null =>
  (json['lm_lab'] as Partial<SavedHead> | undefined)?.paddedLength ?? null;

/** @throws Reasoned `config-invalid`, naming the field. */
export function classifierConfig(json: Readonly<Record<string, unknown>>, folder: string): ClassifierConfig {
  const saved = (json['lm_lab'] ?? {}) as Partial<SavedHead>;
  const { pooling = 'last', paddedLength = null, hidden = null, bias = false } = saved;
  const wrong = (field: string, value: unknown, must: string): Reasoned =>
    new Reasoned(
      'config-invalid',
      `"${folder}": in config.json ${field} is ${JSON.stringify(value)}, and must be ${must}.`,
      'Correct the file, or fine-tune the classifier again.',
    );
  if (!['last', 'first', 'mean', 'position'].includes(pooling)) {
    throw wrong('lm_lab.pooling', pooling, 'last, first, mean or position');
  }
  if (pooling === 'position' && !(Number.isInteger(paddedLength) && (paddedLength as number) > 0)) {
    throw wrong('lm_lab.paddedLength', paddedLength, 'the number of tokens that sequences were filled up to');
  }
  if (hidden !== null && !['relu', 'gelu', 'tanh'].includes(hidden.activation)) {
    throw wrong('lm_lab.hidden.activation', hidden.activation, 'relu, gelu or tanh');
  }
  const padToken = json['pad_token_id'] ?? null;
  if (!Number.isInteger(padToken) && (padToken !== null || pooling === 'position')) {
    throw wrong('pad_token_id', padToken, 'the id of the token that sequences were filled up with');
  }
  return {
    pooling,
    paddedLength,
    hidden,
    bias,
    padToken: padToken as number | null,
  };
}
