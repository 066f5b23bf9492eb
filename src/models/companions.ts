import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from './files.ts';

/** Beside config.json and the weights: what a model folder is used with. */
const COMPANIONS = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'generation_config.json',
  'chat_template.jinja',
];

/** By name, each from the first of the folders that has it. */
export type Companions = ReadonlyMap<string, Uint8Array>;

export async function readCompanions(folders: readonly string[]): Promise<Companions> {
  const found = new Map<string, Uint8Array>();
  for (const name of COMPANIONS) {
    for (const file of folders.map(folder => join(folder, name))) {
      if (!(await exists(file))) continue;
      found.set(name, await readFile(file));
      break;
    }
  }
  return found;
}

export async function writeCompanions(companions: Companions, target: string): Promise<void> {
  for (const [name, content] of companions) await writeFile(join(target, name), content);
}

/** Copies them, and names those that were copied. */
export async function copyCompanions(folders: readonly string[], target: string): Promise<string[]> {
  const companions = await readCompanions(folders);
  await writeCompanions(companions, target);
  return [...companions.keys()];
}
