import { copyFile } from 'node:fs/promises';
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

/** Copies them, each from the first of the folders that has it, and names those that were copied. */
export async function copyCompanions(folders: readonly string[], target: string): Promise<string[]> {
  const copied: string[] = [];
  for (const name of COMPANIONS) {
    for (const file of folders.map(folder => join(folder, name))) {
      if (!(await exists(file))) continue;
      await copyFile(file, join(target, name));
      copied.push(name);
      break;
    }
  }
  return copied;
}
