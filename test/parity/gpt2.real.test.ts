import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { valueOf } from '../../src/protocol/result.ts';
import { testEngine } from './engine.ts';

const model = gpt2Folder();
const engine = testEngine();

/** GPT-2's own weights, where this machine has them: LM_LAB_GPT2 names a folder, or the Hugging Face cache holds one. */
function gpt2Folder(): string | undefined {
  const { LM_LAB_GPT2, HF_HUB_CACHE, HF_HOME } = process.env;
  if (LM_LAB_GPT2) return path.resolve(LM_LAB_GPT2);
  const hub = HF_HUB_CACHE ?? path.join(HF_HOME ?? path.join(homedir(), '.cache', 'huggingface'), 'hub');
  return ['models--openai-community--gpt2', 'models--gpt2']
    .map(name => path.join(hub, name, 'snapshots'))
    .filter(existsSync)
    .flatMap(snapshots => readdirSync(snapshots).map(name => path.join(snapshots, name)))
    .find(folder => existsSync(path.join(folder, 'model.safetensors')));
}

// Values that transformers gives for openai-community/gpt2.
describe.skipIf(!model)('GPT-2’s published weights (skipped: not on this machine; set LM_LAB_GPT2 to a folder)', () => {
  it.each([
    ['The movie was full of surprises', 99.35],
    ['The movies were full of surprises', 126.48],
    ['The movie were full of surprises', 278.88],
    ['The movies was full of surprises', 274.66],
  ])('%s has perplexity %d', async (text, perplexity) => {
    const request = { model: model as string, texts: [text], firstToken: 'unscored', top: 0 } as const;
    const { texts } = await valueOf(engine.score(request));
    expect(texts[0]?.perplexity).toBeCloseTo(perplexity, 2);
  });

  it('predicts jokes, great and laughs', async () => {
    const request = { model: model as string, text: 'The movie was full of', top: 3 };
    const { predictions } = await valueOf(engine.next(request));
    expect(predictions.map(({ text }) => text)).toEqual([' jokes', ' great', ' laughs']);
    for (const [place, probability] of [0.0219, 0.0186, 0.0115].entries())
      expect(predictions[place]?.probability).toBeCloseTo(probability, 4);
  });

  it('goes on greedily with jokes and jokes about how', async () => {
    const settings = [{ decoding: 'greedy', maxNewTokens: 5 }] as const;
    const request = { model: model as string, prompt: 'The movie was full of', settings, top: 0 };
    const { columns } = await valueOf(engine.generate(request));
    const [generation] = columns[0]?.generations ?? [];
    expect(generation?.text).toBe(' jokes and jokes about how');
    const percent = generation?.tokens.map(({ probability }) => Math.round(1e4 * probability) / 100);
    expect(percent).toEqual([2.19, 28.92, 9.85, 20.56, 9.97]);
  });
});
