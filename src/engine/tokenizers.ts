import { fileVersions } from './fileVersions.ts';
import { loadTokenizer } from '../tokenizer/load.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

export const TOKENIZER_FILES = ['tokenizer.json', 'vocab.json', 'merges.txt', 'added_tokens.json'];

const MOST_KEPT = 4;

/** Keeps tokenizers, since reading one takes longer than most of what is asked of it. Changed files are read anew. */
export class Tokenizers {
  /** Least recently used first. */
  private readonly kept = new Map<string, Promise<Tokenizer>>();

  async of(folder: string): Promise<Tokenizer> {
    const key = JSON.stringify([folder, await fileVersions(folder, TOKENIZER_FILES)]);
    const tokenizer = this.kept.get(key) ?? loadTokenizer(folder);
    this.kept.delete(key);
    this.kept.set(key, tokenizer);
    tokenizer.catch(() => this.kept.delete(key)); // whoever waits has the error; the next request tries again
    for (const [oldest] of [...this.kept].slice(0, -MOST_KEPT)) this.kept.delete(oldest);
    return tokenizer;
  }
}
