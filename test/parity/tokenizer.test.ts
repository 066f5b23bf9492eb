import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokenizer/load.ts';
import { MODELS, readFixture, STARTER } from './expected.ts';

describe('ids as transformers makes them', async () => {
  const tokenizer = await loadTokenizer(STARTER);
  const table = readFixture<ReadonlyArray<{ text: string; ids: number[] }>>('tokenizer.json');

  it.each(table)('$text', ({ text, ids }) => {
    expect(tokenizer.ids(text)).toEqual(ids);
    expect(tokenizer.encode(text).map(({ id }) => id)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(text);
  });
});

it.each(MODELS)('the tokenizer of %s gives the ids that were scored', async (_, folder, { scores }) => {
  const tokenizer = await loadTokenizer(folder);
  for (const { text, ids } of scores) expect(tokenizer.ids(text)).toEqual(ids);
});
