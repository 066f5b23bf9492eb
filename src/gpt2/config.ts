import { readFolderConfig } from '../models/config.ts';
import { Reasoned } from '../protocol/result.ts';
import type { ModelSize } from '../protocol/run/modelSize.ts';

export type Activation = 'gelu' | 'geluTanh' | 'relu';

/** The fields of config.json that decide the numbers, with transformers' defaults for what is absent. */
export interface Gpt2Config {
  readonly layers: number;
  readonly heads: number;
  /** D, the model width. */
  readonly width: number;
  /** Longest context in tokens. */
  readonly positions: number;
  readonly vocabularySize: number;
  /** Width of the feed-forward layer between its two matrices. */
  readonly innerWidth: number;
  readonly layerNormEpsilon: number;
  readonly activation: Activation;
  /** Ids that end a text; none where the file names none that the vocabulary has. */
  readonly endTokens: readonly number[];
  /** The head is the token embedding. */
  readonly tied: boolean;
  /** What attention scores of layer i are multiplied by. */
  attentionScale(layer: number): number;
}

/** The sizes of a model, by which the memory that it takes is estimated. */
export const sizeOf = ({ vocabularySize: vocabulary, ...sizes }: Gpt2Config): ModelSize => ({ vocabulary, ...sizes });

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  gelu: 'gelu',
  relu: 'relu',
  gelu_new: 'geluTanh',
  gelu_fast: 'geluTanh',
  gelu_pytorch_tanh: 'geluTanh',
};

/** The names that transformers accepts for the same field (GPT2Config.attribute_map). */
const ALIASES: Readonly<Record<string, string>> = {
  n_layer: 'num_hidden_layers',
  n_head: 'num_attention_heads',
  n_embd: 'hidden_size',
  n_positions: 'max_position_embeddings',
};

/** @throws Reasoned `config-invalid` or `config-unsupported`, naming the field, and what readFolderConfig throws. */
export async function readConfig(folder: string): Promise<Gpt2Config> {
  return gpt2Config(await readFolderConfig(folder), folder);
}

export function gpt2Config(json: Readonly<Record<string, unknown>>, folder: string): Gpt2Config {
  const fields = new Fields(json, folder);
  fields.refuse('add_cross_attention', value => value === true, 'attention to an encoder');
  fields.refuse('pruned_heads', value => Object.keys(Object(value)).length > 0, 'pruned attention heads');
  fields.refuse('quantization_config', value => value !== null, 'quantized weights');
  const [width, heads] = [fields.count('n_embd', 768), fields.count('n_head', 12)];
  if (width % heads !== 0) {
    throw fields.invalid(`n_embd is ${width} and n_head is ${heads}: the width must be a multiple of the heads`);
  }
  const perRoot = fields.truth('scale_attn_weights', true) ? 1 / Math.sqrt(width / heads) : 1;
  const byLayer = fields.truth('scale_attn_by_inverse_layer_idx', false);
  const vocabularySize = fields.count('vocab_size', 50257);
  return {
    layers: fields.count('n_layer', 12),
    heads,
    width,
    positions: fields.count('n_positions', 1024),
    vocabularySize,
    innerWidth: fields.count('n_inner', 4 * width),
    layerNormEpsilon: fields.positive('layer_norm_epsilon', 1e-5),
    activation: fields.activation(),
    endTokens: fields.ids('eos_token_id').filter(id => id < vocabularySize),
    tied: fields.truth('tie_word_embeddings', true),
    attentionScale: layer => (byLayer ? perRoot / (layer + 1) : perRoot),
  };
}

/** Typed access to config.json, whose errors name the field and the value. */
class Fields {
  private readonly json: Readonly<Record<string, unknown>>;
  private readonly folder: string;

  constructor(json: Readonly<Record<string, unknown>>, folder: string) {
    this.json = json;
    this.folder = folder;
  }

  refuse(name: string, isOn: (value: unknown) => boolean, what: string): void {
    const value = this.json[name];
    if (value === undefined || !isOn(value)) return;
    throw new Reasoned(
      'config-unsupported',
      `"${this.folder}": config.json has ${name} = ${JSON.stringify(value)}, and ${what} is not supported.`,
      'Use a model without it.',
    );
  }

  count(name: string, absent: number): number {
    const value = this.value(name, absent);
    if (Number.isInteger(value) && (value as number) > 0) return value as number;
    throw this.invalid(`${name} is ${JSON.stringify(value)}, and must be a whole number above 0`);
  }

  positive(name: string, absent: number): number {
    const value = this.value(name, absent);
    if (typeof value === 'number' && value > 0) return value;
    throw this.invalid(`${name} is ${JSON.stringify(value)}, and must be a number above 0`);
  }

  truth(name: string, absent: boolean): boolean {
    const value = this.value(name, absent);
    if (typeof value === 'boolean') return value;
    throw this.invalid(`${name} is ${JSON.stringify(value)}, and must be true or false`);
  }

  /** One id, or a list of them; none where absent. */
  ids(name: string): number[] {
    const value = this.value(name, []);
    const ids = [value].flat();
    if (ids.every(id => Number.isSafeInteger(id) && (id as number) >= 0)) return ids as number[];
    throw this.invalid(`${name} is ${JSON.stringify(value)}, and must be a token id or a list of them`);
  }

  activation(): Activation {
    const name = this.value('activation_function', 'gelu_new');
    const known = typeof name === 'string' && Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
    if (known) return known;
    throw new Reasoned(
      'config-unsupported',
      `"${this.folder}": config.json has activation_function = ${JSON.stringify(name)}.`,
      `Use a model with one of ${Object.keys(ACTIVATIONS).join(', ')}.`,
    );
  }

  invalid(what: string): Reasoned {
    return new Reasoned(
      'config-invalid',
      `"${this.folder}": in config.json ${what}.`,
      'Correct the file, or download the model again.',
    );
  }

  private value(name: string, absent: unknown): unknown {
    const alias = ALIASES[name];
    return this.json[name] ?? (alias && this.json[alias]) ?? absent;
  }
}
