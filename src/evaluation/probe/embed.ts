import type { Gpt2 } from '../../gpt2/model.ts';
import type { OnProgress } from '../../protocol/engine.ts';
import type { EmbedRequest } from '../../protocol/evaluation/api.ts';
import { progressMeter } from '../../protocol/progress.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { emptyText, pooledOf, sideBySide } from '../hiddenStates.ts';

export interface EmbedOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * The vector [D] of each text: the mean of its final hidden states, or the last of them. Of a text that is longer than
 * the context, its beginning is read.
 * @throws Reasoned `text-empty`, `cancelled`.
 */
export async function embedTexts(
  model: Gpt2,
  tokenizer: Tokenizer,
  texts: readonly string[],
  pooling: EmbedRequest['pooling'],
  { signal, onProgress }: EmbedOptions = {},
): Promise<Float32Array[]> {
  const { positions } = model.config;
  const sequences = texts.map((text, index) => {
    const ids = tokenizer.ids(text).slice(0, positions);
    if (ids.length === 0) throw emptyText(index);
    return { ids };
  });
  const meter = progressMeter({ message: 'Embedding', unit: 'texts', total: texts.length }, onProgress);
  const vectors: Float32Array[] = [];
  for (const together of sideBySide(sequences, () => model.sideBySideRows)) {
    const states = await pooledOf(model, together, { pooling, padToken: null }, signal);
    vectors.push(...states.map(state => state.slice()));
    meter.add(together.length);
  }
  return vectors;
}
