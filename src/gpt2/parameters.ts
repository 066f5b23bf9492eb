import type { Gpt2Config } from './config.ts';

/** A matrix applied to rows, with its bias: weight [in, out] as transformers' Conv1D keeps it, bias [out]. */
export interface Projection<T> {
  readonly weight: T;
  readonly bias: T;
}

/** Scale and bias of a layer normalization, each [D]. */
export type Norm<T> = Projection<T>;

export interface Block<T> {
  readonly norm1: Norm<T>;
  readonly attention: { readonly input: Projection<T>; readonly output: Projection<T> };
  readonly norm2: Norm<T>;
  readonly feedForward: { readonly input: Projection<T>; readonly output: Projection<T> };
}

/** What is learned below the head, as whatever stands for a tensor: its place in a file, its value in a graph. */
export interface Parameters<T> {
  readonly tokenEmbedding: T;
  readonly positionEmbedding: T;
  readonly blocks: ReadonlyArray<Block<T>>;
  readonly finalNorm: Norm<T>;
}

/** The matrix [V, D] that turns hidden states into logits: the token embedding itself where it is tied. */
export const headName = ({ tied }: Gpt2Config): string => (tied ? TOKEN_EMBEDDING : 'lm_head.weight');
const TOKEN_EMBEDDING = 'wte.weight';

/** Whether a matrix is kept [outputs, inputs], as embeddings and heads are; Conv1D keeps [inputs, outputs]. */
export const hasOutputRows = (name: string): boolean => !name.startsWith('h.');

/** Builds the parameters from their names and shapes, as `GPT2LMHeadModel` names them, without its `transformer.`. */
export function mapParameters<T>(config: Gpt2Config, at: (name: string, shape: readonly number[]) => T): Parameters<T> {
  const { width, innerWidth, vocabularySize, positions } = config;
  const norm = (name: string): Norm<T> => ({
    weight: at(`${name}.weight`, [width]),
    bias: at(`${name}.bias`, [width]),
  });
  const projection = (name: string, inputs: number, outputs: number): Projection<T> => ({
    weight: at(`${name}.weight`, [inputs, outputs]),
    bias: at(`${name}.bias`, [outputs]),
  });
  const block = (name: string): Block<T> => ({
    norm1: norm(`${name}.ln_1`),
    attention: {
      input: projection(`${name}.attn.c_attn`, width, 3 * width),
      output: projection(`${name}.attn.c_proj`, width, width),
    },
    norm2: norm(`${name}.ln_2`),
    feedForward: {
      input: projection(`${name}.mlp.c_fc`, width, innerWidth),
      output: projection(`${name}.mlp.c_proj`, innerWidth, width),
    },
  });
  return {
    tokenEmbedding: at(TOKEN_EMBEDDING, [vocabularySize, width]),
    positionEmbedding: at('wpe.weight', [positions, width]),
    blocks: Array.from({ length: config.layers }, (_, layer) => block(`h.${layer}`)),
    finalNorm: norm('ln_f'),
  };
}
