import type { CommonSettings, SampleSettings } from '../protocol/generation.ts';
import { minP, temperature, topK, topP, typicalP } from './filters.ts';
import { ban, bias, noRepeatNgram, type Processor, repetitionPenalty } from './penalties.ts';

/** What every mode may do to the scores, in the order of transformers' `_get_logits_processor`. */
export function penaltiesOf(settings: CommonSettings): Processor[] {
  return [
    given(settings.bias, bias),
    given(settings.repetitionPenalty, repetitionPenalty),
    given(settings.noRepeatNgram, noRepeatNgram),
    given(settings.ban, ban),
  ].flat();
}

/** What sampling may do to them afterwards. A share of 1 removes nothing. */
export function filtersOf(settings: SampleSettings): Processor[] {
  const below1 = (share: number | undefined): number | undefined => (share === 1 ? undefined : share);
  return [
    given(settings.temperature, temperature),
    given(settings.topK, topK),
    given(below1(settings.topP), topP),
    given(settings.minP, minP),
    given(below1(settings.typicalP), typicalP),
  ].flat();
}

const given = <Value>(value: Value | undefined, make: (value: Value) => Processor): Processor[] =>
  value === undefined ? [] : [make(value)];

/** The scores after all processors. Where there are none, the very array that came. */
export function processed(
  scores: Float32Array,
  ids: readonly number[],
  processors: readonly Processor[],
): Float32Array {
  if (processors.length === 0) return scores;
  const result = scores.slice();
  for (const process of processors) process(result, ids);
  return result;
}
