import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gpt2Config } from '../../../src/gpt2/config.ts';
import { mapParameters } from '../../../src/gpt2/parameters.ts';
import { elementCount } from '../../../src/models/safetensors/dtypes.ts';
import { type TensorToWrite, writeSafetensors } from '../../../src/models/safetensors.ts';

export const SMALL_CONFIG = {
  model_type: 'gpt2',
  n_layer: 2,
  n_head: 2,
  n_embd: 8,
  n_positions: 16,
  vocab_size: 12,
};

export interface SmallModel {
  readonly config?: Readonly<Record<string, unknown>>;
  /** Before the names, as published files have it or not. */
  readonly prefix?: string;
  readonly change?: (tensors: Map<string, TensorToWrite>) => void;
}

/** Writes a model folder of a few thousand numbers, the same ones each time. */
export async function writeSmallModel(folder: string, { config = {}, prefix = '', change }: SmallModel = {}) {
  const json = { ...SMALL_CONFIG, ...config };
  const next = randomNumbers();
  const tensors = new Map<string, TensorToWrite>();
  mapParameters(gpt2Config(json, folder), (name, shape) => {
    const middle = /ln_\w\.weight$/.test(name) ? 1 : 0;
    const data = Float32Array.from({ length: elementCount(shape) }, () => middle + next());
    tensors.set(name, { name: prefix + name, dtype: 'F32', shape, data });
  });
  change?.(tensors);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify(json));
  await writeSafetensors(join(folder, 'model.safetensors'), tensors.values());
}

/** Numbers from -0.5 to 0.5 of a linear congruential generator (Numerical Recipes). */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

/** A tensor with some of its elements replaced. */
export function withElements(tensor: TensorToWrite, elements: Readonly<Record<number, number>>): TensorToWrite {
  const data = Float32Array.from(tensor.data as Float32Array);
  for (const [index, value] of Object.entries(elements)) data[Number(index)] = value;
  return { ...tensor, data };
}
