import type { Gpt2Config } from '../../gpt2/config.ts';
import { headName, mapParameters } from '../../gpt2/parameters.ts';
import { type Weight, type WeightInMemory, type Weights } from '../../gpt2/weights.ts';
import { elementCount } from '../../models/safetensors/dtypes.ts';
import { TensorRandom } from './random.ts';

/** What transformers starts weights from where config.json does not say. */
const INITIALIZER_RANGE = 0.02;

/**
 * Weights drawn as GPT-2 starts (Radford et al. 2019; transformers' GPT2PreTrainedModel): N(0, initializer_range), the
 * projections that end in the residual stream divided by sqrt(2 n_layer), biases 0, norms 1.
 */
export function randomWeights(config: Gpt2Config, folder: string, range = INITIALIZER_RANGE, seed: number): Weights {
  const tensors = new Map<string, Weight>();
  const draw = (name: string, shape: readonly number[]): void => {
    tensors.set(name, { name, shape, values: startingValues(name, shape, config, range, seed) });
  };
  mapParameters(config, draw);
  if (!config.tied) draw(headName(config), [config.vocabularySize, config.width]);
  return { tensors, folder, warnings: [] };
}

function startingValues(
  name: string,
  shape: readonly number[],
  { layers }: Gpt2Config,
  range: number,
  seed: number,
): Float32Array {
  const count = elementCount(shape);
  if (name.endsWith('.bias')) return new Float32Array(count);
  if (shape.length === 1) return new Float32Array(count).fill(1);
  const deviation = name.endsWith('c_proj.weight') ? range / Math.sqrt(2 * layers) : range;
  return new TensorRandom(seed, name).normal(count, deviation);
}

/** A head's or a value's start: N(0, 0.02) for matrices, 0 for biases (contracts §5). */
export function headStart(name: string, shape: readonly number[], seed: number): WeightInMemory {
  const count = elementCount(shape);
  const values = shape.length === 1 ? new Float32Array(count) : new TensorRandom(seed, name).normal(count, 0.02);
  return { name, shape, values };
}

/** LoRA's start, as PEFT's: A from Kaiming's uniform distribution with a = sqrt(5), which is ±1 / sqrt(in); B of zeros. */
export function adapterStart(name: string, [rows, columns]: readonly [number, number], seed: number): WeightInMemory {
  const shape = [rows, columns];
  const values = name.endsWith('lora_A.weight')
    ? new TensorRandom(seed, name).within(rows * columns, 1 / Math.sqrt(columns))
    : new Float32Array(rows * columns);
  return { name, shape, values };
}
