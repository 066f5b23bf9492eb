import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateEach } from '../../src/decoding/generateEach.ts';
import { loadGpt2 } from '../../src/gpt2/load.ts';
import type { DecodingSettings } from '../../src/protocol/generation.ts';
import { loadTokenizer } from '../../src/tokenizer/load.ts';
import { readFixture } from './expected.ts';

interface ExpectedCase {
  readonly prompt: string;
  readonly settings: DecodingSettings;
  readonly generations: ReadonlyArray<{ readonly ids: readonly number[] }>;
}

const models = readFixture<Record<string, readonly ExpectedCase[]>>('generate.json');

async function open(name: string) {
  const folder = path.resolve('test/parity/fixtures', name);
  return { model: await loadGpt2(folder, { device: 'cpu' }), tokenizer: await loadTokenizer(folder) };
}

describe.each(Object.entries(models))('different prompts side by side with %s', (name, cases) => {
  it('each have the ids that transformers gives them alone', async () => {
    const { model, tokenizer } = await open(name);
    let checked = 0;
    for await (const answered of generateEach(model, tokenizer, cases)) {
      const { prompt, settings, generations } = cases[answered.index] as ExpectedCase;
      const ids = 'generation' in answered ? answered.generation.tokens.map(({ id }) => id) : answered.refused;
      expect({ prompt, settings, ids }).toEqual({ prompt, settings, ids: generations[0]?.ids });
      checked += 1;
    }
    console.log(`${name}: ${checked} texts of ${new Set(cases.map(({ prompt }) => prompt)).size} prompts, all alike`);
    expect(checked).toBe(cases.length);
    await model.dispose();
  });

  it('one that is too long is refused, and the others are answered', async () => {
    const { model, tokenizer } = await open(name);
    const settings = { decoding: 'greedy', maxNewTokens: 3 } as const;
    const long = 'film '.repeat(model.config.positions + 1);
    const found = new Map<number, string>();
    for await (const answered of generateEach(
      model,
      tokenizer,
      ['The', long, 'A film'].map(prompt => ({ prompt, settings })),
    ))
      found.set(answered.index, 'refused' in answered ? answered.refused.code : answered.generation.finishReason);
    expect(found).toEqual(
      new Map([
        [0, 'length'],
        [1, 'prompt-too-long'],
        [2, 'length'],
      ]),
    );
    await model.dispose();
  });
});
