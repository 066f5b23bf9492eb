import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Reasoned } from '../../protocol/result.ts';
import { exists, fileError } from '../files.ts';
import { hasWeights } from '../weights.ts';

export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

/** What PEFT's adapter_config.json says of a LoRA adapter, as far as merging needs it. */
export interface AdapterConfig {
  /** The model that it was trained on, as its file names it: a folder, or a name on the hub. */
  readonly base: string;
  /** What the product of its two matrices of this rank is multiplied by. */
  scale(rank: number): number;
  /** The base keeps its matrices as [in, out], as GPT-2's Conv1D does. */
  readonly fanInFanOut: boolean;
}

/** Whether a folder holds an adapter and no weights of its own. */
export async function isAdapter(folder: string): Promise<boolean> {
  return (await exists(join(folder, ADAPTER_CONFIG))) && !(await hasWeights(folder));
}

/** @throws Reasoned `adapter-invalid` or `adapter-unsupported`, naming the field. */
export async function readAdapterConfig(folder: string): Promise<AdapterConfig> {
  const file = join(folder, ADAPTER_CONFIG);
  const json = await readJson(file);
  for (const [field, expected] of Object.entries(PLAIN)) {
    const value = json[field] ?? expected;
    if (value !== expected) throw unsupported(file, field, value);
  }
  const [alphas, ranks] = [json['alpha_pattern'], json['rank_pattern']].map(value => Object.keys(Object(value)));
  if (alphas?.length) throw unsupported(file, 'alpha_pattern', json['alpha_pattern']);
  if (ranks?.length) throw unsupported(file, 'rank_pattern', json['rank_pattern']);
  const { base_model_name_or_path: base, lora_alpha: alpha } = json;
  if (typeof base !== 'string' || base === '') throw invalid(file, 'base_model_name_or_path', base, 'a model');
  if (typeof alpha !== 'number') throw invalid(file, 'lora_alpha', alpha, 'a number');
  const stabilized = json['use_rslora'] === true;
  return {
    base,
    scale: rank => alpha / (stabilized ? Math.sqrt(rank) : rank),
    fanInFanOut: json['fan_in_fan_out'] === true,
  };
}

/** Kinds of adapters whose weights mean something else. */
const PLAIN: Readonly<Record<string, unknown>> = { peft_type: 'LORA', use_dora: false, bias: 'none', lora_bias: false };

async function readJson(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return Object(JSON.parse(await readFile(file, 'utf8'))) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw fileError(error, file);
    throw new Reasoned('adapter-invalid', `"${file}" is not JSON: ${error.message}.`, 'Save the adapter again.');
  }
}

const invalid = (file: string, field: string, value: unknown, must: string): Reasoned =>
  new Reasoned(
    'adapter-invalid',
    `"${file}": ${field} is ${JSON.stringify(value ?? null)}, and must be ${must}.`,
    'Save the adapter again with PEFT.',
  );

const unsupported = (file: string, field: string, value: unknown): Reasoned =>
  new Reasoned(
    'adapter-unsupported',
    `"${file}" has ${field} = ${JSON.stringify(value)}, and only plain LoRA adapters can be used.`,
    'Merge the adapter with PEFT (merge_and_unload) and import the merged model.',
  );
