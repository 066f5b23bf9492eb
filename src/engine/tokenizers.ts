import { loadTokenizer } from '../tokenizer/load.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { fileVersions } from './fileVersions.ts';
import { KeptWork } from './keptWork.ts';

export const TOKENIZER_FILES = ['tokenizer.json', 'vocab.json', 'merges.txt', 'added_tokens.json'];

const MOST_KEPT = 4;

/** Keeps tokenizers, since reading one takes longer than most of what is asked of it. Changed files are read anew. */
export class Tokenizers {
  private readonly kept = new KeptWork<Tokenizer>(MOST_KEPT);

  async of(folder: string): Promise<Tokenizer> {
    const key = JSON.stringify([folder, await fileVersions(folder, TOKENIZER_FILES)]);
    return this.kept.of(key, {}, () => loadTokenizer(folder));
  }
}
