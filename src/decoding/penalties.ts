import type { CommonSettings } from '../protocol/generation.ts';

/** Changes the scores [V] of the next token in place; `ids` are those of the prompt and of what was generated. */
export type Processor = (scores: Float32Array, ids: readonly number[]) => void;

// Each as the processor of that name in transformers (generation/logits_process.py).

/** SequenceBiasLogitsProcessor, for single tokens. */
export const bias =
  (biases: NonNullable<CommonSettings['bias']>): Processor =>
  scores => {
    for (const { id, value } of biases) scores[id] = (scores[id] as number) + value;
  };

/** RepetitionPenaltyLogitsProcessor (Keskar et al. 2019), for which a token counts once however often it came. */
export const repetitionPenalty =
  (penalty: number): Processor =>
  (scores, ids) => {
    for (const id of new Set(ids)) {
      const score = scores[id] as number;
      scores[id] = score < 0 ? score * penalty : score / penalty;
    }
  };

/** NoRepeatNGramLogitsProcessor: bans what followed the last `size` - 1 tokens where they stood before. */
export const noRepeatNgram =
  (size: number): Processor =>
  (scores, ids) => {
    const suffix = ids.length - (size - 1);
    for (let start = 0; start + size <= ids.length; start++) {
      let same = 0;
      while (same < size - 1 && ids[start + same] === ids[suffix + same]) same++;
      if (same === size - 1) scores[ids[start + same] as number] = Number.NEGATIVE_INFINITY;
    }
  };

/** SuppressTokensLogitsProcessor. */
export const ban =
  (ids: readonly number[]): Processor =>
  scores => {
    for (const id of ids) scores[id] = Number.NEGATIVE_INFINITY;
  };
