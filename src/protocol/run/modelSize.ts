import type { LoraTarget, RunSpec } from './spec.ts';

/** The sizes of a GPT-2 that time and memory follow from. */
export interface ModelSize {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** Of the feed-forward layers. */
  readonly innerWidth: number;
  readonly vocabulary: number;
  readonly positions: number;
  readonly tied: boolean;
}

/** The sizes that a config.json gives, with transformers' defaults. */
export function modelSize(config: Readonly<Record<string, unknown>>): ModelSize {
  const number = (name: string, otherwise: number): number => {
    const value = config[name];
    return typeof value === 'number' ? value : otherwise;
  };
  const width = number('n_embd', 768);
  return {
    layers: number('n_layer', 12),
    width,
    heads: number('n_head', 12),
    innerWidth: number('n_inner', 4 * width),
    vocabulary: number('vocab_size', 50257),
    positions: number('n_positions', 1024),
    tied: config['tie_word_embeddings'] !== false,
  };
}

/** The weights of the four matrices of a block. */
export const blockMatrices = ({ width, innerWidth }: ModelSize): number => 4 * width ** 2 + 2 * width * innerWidth;

/** All parameters of a block: its matrices, their biases, and two norms. */
export const blockParameters = (size: ModelSize): number => blockMatrices(size) + 9 * size.width + size.innerWidth;

const normParameters = ({ width }: ModelSize): number => 2 * width;

/** Of the model that predicts tokens. */
export function parameterCount(size: ModelSize): number {
  const embeddings = (size.vocabulary + size.positions) * size.width;
  const head = size.tied ? 0 : size.vocabulary * size.width;
  return embeddings + size.layers * blockParameters(size) + normParameters(size) + head;
}

/** Labels that a head is taken to have while they are not known: so few that the number does not matter. */
const LABELS = 2;

/** A head with a bias that tells what is still to come. */
const valueHeadParameters = ({ width }: ModelSize): number => width + 1;

function headParameters(
  size: ModelSize,
  { method, classification }: Pick<RunSpec, 'method' | 'classification'>,
): number {
  const words = size.tied ? 0 : size.vocabulary * size.width;
  if (method === 'ppo') return words + valueHeadParameters(size);
  if (method !== 'classification' && method !== 'reward') return words;
  if (method === 'reward') return size.width;
  const { hidden } = classification;
  return hidden ? (size.width + 1) * hidden.size + LABELS * hidden.size : LABELS * size.width;
}

/** Blocks through which the gradient passes, from the top. */
export function trainedBlocks(
  { layers }: Pick<ModelSize, 'layers'>,
  { trainable }: Pick<RunSpec, 'trainable'>,
): number {
  if ('lora' in trainable || trainable.layers === 'all') return layers;
  return trainable.layers === 'head' ? 0 : Math.min(layers, trainable.layers.last);
}

/** How many parameters train. */
export function trainedParameters(
  size: ModelSize,
  spec: Pick<RunSpec, 'method' | 'classification' | 'trainable'>,
): number {
  const { trainable } = spec;
  const ownHead = spec.method === 'classification' || spec.method === 'reward';
  const valueHead = spec.method === 'ppo' ? valueHeadParameters(size) : 0;
  if ('lora' in trainable) {
    const { rank, targets } = trainable.lora;
    const sides = targets.reduce((sum, target) => sum + matrixSides(size, target), 0);
    return size.layers * rank * sides + (ownHead ? headParameters(size, spec) : valueHead);
  }
  const head = headParameters(size, spec);
  if (trainable.layers === 'all') {
    const trunk = parameterCount(size) - (size.tied ? 0 : size.vocabulary * size.width);
    return trunk + head;
  }
  const blocks = trainedBlocks(size, spec);
  return blocks * blockParameters(size) + (blocks > 0 ? normParameters(size) : 0) + head;
}

/** Inputs and outputs together of the matrices of that name in a block. */
function matrixSides({ width, innerWidth }: ModelSize, target: LoraTarget): number {
  switch (target) {
    case 'c_attn':
      return width + 3 * width;
    case 'c_fc':
      return width + innerWidth;
    case 'c_proj':
      return 2 * width + (innerWidth + width);
  }
}
