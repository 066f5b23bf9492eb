import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadTokenizer } from '../src/tokenizer/load.ts';
import { ROOT } from './environment.ts';

/** Texts of that many tokens, each beginning with another sentence. */
export async function textsOf(tokens: number, count: number, model: string): Promise<string[]> {
  const tokenizer = await loadTokenizer(model);
  const sentences = (await readFile(path.join(ROOT, 'models', 'starter', 'README.md'), 'utf8')).split(/(?<=[.:]) /);
  return Array.from({ length: count }, (_, first) => {
    const turned = [...sentences.slice(first % sentences.length), ...sentences.slice(0, first % sentences.length)];
    const text = `${first}. ${turned.join(' ').repeat(4)}`;
    return tokenizer.decode(tokenizer.ids(text).slice(0, tokens));
  });
}
