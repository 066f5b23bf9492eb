import type { Gpt2 } from '../../gpt2/model.ts';
import type { OnProgress } from '../../protocol/engine.ts';
import type { EmbedRequest } from '../../protocol/evaluation/api.ts';
import { progressMeter } from '../../protocol/progress.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { pooledState } from '../classify/pooling.ts';
import { emptyText, hiddenOf, sideBySide } from '../hiddenStates.ts';

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
  const { positions, width } = model.config;
  const sequences = texts.map((text, index) => {
    const ids = tokenizer.ids(text).slice(0, positions);
    if (ids.length === 0) throw emptyText(index);
    return { ids };
  });
  const meter = progressMeter({ message: 'Embedding', unit: 'texts', total: texts.length }, onProgress);
  const vectors: Float32Array[] = [];
  for (const together of sideBySide(sequences, () => model.trunkPace.rows)) {
    for (const [index, hidden] of (await hiddenOf(model, together, signal)).entries()) {
      const { ids } = together[index] as (typeof together)[number];
      vectors.push(pooledState({ pooling, padToken: null }, ids, hidden, width).slice());
    }
    meter.add(together.length);
  }
  return vectors;
}
