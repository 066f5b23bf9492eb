import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Reasoned } from '../protocol/result.ts';
import { fileError, systemCode } from './files.ts';

const CONFIG = 'config.json';

/**
 * A model folder's config.json, known to describe a GPT-2; its numbers are checked where they are used.
 * @throws Reasoned `folder-missing`, `config-missing`, `config-invalid` or `architecture-unsupported`.
 */
export async function readFolderConfig(folder: string): Promise<Record<string, unknown>> {
  const file = join(folder, CONFIG);
  return parseConfig(await configText(folder, file), file);
}

async function configText(folder: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') throw fileError(error, file);
    throw new Reasoned(
      'config-missing',
      `"${folder}" is not a model folder: it has no ${CONFIG}, or is not there.`,
      'Choose the folder that holds config.json, model.safetensors and the tokenizer.',
    );
  }
}

/** `text` of the config.json that is called `file` in messages. */
export function parseConfig(text: string, file: string): Record<string, unknown> {
  const config = parseObject(text, file);
  if (config['model_type'] !== 'gpt2')
    throw new Reasoned(
      'architecture-unsupported',
      `"${file}": model_type is ${JSON.stringify(config['model_type'] ?? null)}, and only "gpt2" is supported.`,
      'Choose a GPT-2: gpt2, gpt2-medium, gpt2-large, gpt2-xl, distilgpt2 or a fine-tuned one of these.',
    );
  return config;
}

function parseObject(text: string, file: string): Record<string, unknown> {
  const remedy = 'Repair the file, or download the model again.';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Reasoned('config-invalid', `"${file}" is not JSON: ${detail}.`, remedy);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Reasoned('config-invalid', `"${file}" is not a JSON object.`, remedy);
  return json as Record<string, unknown>;
}

/** The first of `architectures`, such as `GPT2LMHeadModel`, or model_type. */
export function architectureOf(config: Readonly<Record<string, unknown>>): string {
  const architectures = config['architectures'];
  const first: unknown = Array.isArray(architectures) ? architectures[0] : undefined;
  return typeof first === 'string' ? first : String(config['model_type']);
}

/** n_positions, by transformers' other name for it too, or its default for GPT-2. */
export function contextLengthOf(config: Readonly<Record<string, unknown>>): number {
  const length = config['n_positions'] ?? config['max_position_embeddings'];
  return typeof length === 'number' ? length : 1024;
}

export const isTied = (config: Readonly<Record<string, unknown>>): boolean => config['tie_word_embeddings'] !== false;

/** Names of a classifier's outputs: those of id2label, and transformers' own (`LABEL_0`) where it has none. */
export function labelsOf(config: Readonly<Record<string, unknown>>, count: number): string[] {
  const named = (config['id2label'] ?? {}) as Readonly<Record<string, unknown>>;
  return Array.from({ length: count }, (_, label) => String(named[label] ?? `LABEL_${label}`));
}
