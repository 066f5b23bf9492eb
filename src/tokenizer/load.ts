import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Reasoned } from '../protocol/result.ts';
import { gpt2Definition, tokenizerDefinition } from './definition.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';

/**
 * The tokenizer of a model folder: `tokenizer.json`, else `vocab.json` with `merges.txt`.
 * Throws `tokenizer-missing`, `tokenizer-unreadable` and `tokenizer-unsupported`.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const parsed = (await readJson(folder, 'tokenizer.json')) ?? (await readVocabularyAndMerges(folder));
  if (parsed === undefined)
    throw new Reasoned(
      'tokenizer-missing',
      `There is no tokenizer in ${folder}.`,
      'Put tokenizer.json, or vocab.json and merges.txt, beside config.json.',
    );
  return createTokenizer(tokenizerDefinition(parsed, folder));
}

async function readVocabularyAndMerges(folder: string): Promise<unknown> {
  const vocab = await readJson(folder, 'vocab.json');
  const merges = await readText(folder, 'merges.txt');
  if (vocab === undefined || merges === undefined) return undefined;
  const added = (await readJson(folder, 'added_tokens.json')) ?? {};
  return gpt2Definition(vocab as Record<string, number>, merges, added as Record<string, number>);
}

async function readJson(folder: string, name: string): Promise<unknown> {
  const text = await readText(folder, name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unreadable(folder, name, `is not valid JSON: ${(cause as Error).message}`, cause);
  }
}

/** Undefined where there is no such file. */
async function readText(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(folder, name, `can't be read: ${(cause as Error).message}`, cause);
  }
}

const unreadable = (folder: string, name: string, why: string, cause: unknown): Reasoned =>
  new Reasoned(
    'tokenizer-unreadable',
    `${join(folder, name)} ${why}.`,
    'Get the file again from where the model came from.',
    { cause },
  );
