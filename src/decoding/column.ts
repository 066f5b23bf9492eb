import type { DecodingSettings, Generated, GenerationUpdate } from '../protocol/generation.ts';
import type { Decoder, Start } from './decoder.ts';
import type { Hypothesis, Limits } from './hypothesis.ts';
import { decoderOf } from './modes.ts';
import type { Prediction } from './prediction.ts';
import { seeded } from './sampler.ts';

type Beginning = Omit<Start, 'limits'> & Pick<Limits, 'endTokens' | 'contextLength'>;

/** One of the settings of a request while it is decoded. */
export class Column {
  private readonly index: number;
  private readonly decoder: Decoder;
  private readonly seed: number | undefined;
  private readonly startedAt = performance.now();
  private seconds = 0;
  private steps = 0;

  constructor(index: number, settings: DecodingSettings, { contextLength, endTokens, ...start }: Beginning) {
    const limits = {
      endTokens,
      stop: settings.stop ?? [],
      maxNewTokens: settings.maxNewTokens,
      contextLength: settings.pastContext === 'slide' ? Number.POSITIVE_INFINITY : contextLength,
    };
    this.index = index;
    const decided = seeded(settings);
    this.seed = decided.decoding === 'sample' ? decided.seed : undefined;
    this.decoder = decoderOf(decided, { ...start, limits });
  }

  get live(): readonly Hypothesis[] {
    return this.decoder.live;
  }

  *advance(predictions: readonly Prediction[]): Generator<GenerationUpdate> {
    for (const update of this.decoder.advance(predictions)) yield { ...update, column: this.index };
    this.steps += 1;
    this.seconds = (performance.now() - this.startedAt) / 1000;
  }

  /** When nothing is live any more. */
  result(): Generated['columns'][number] {
    return {
      generations: this.decoder.generations(),
      ...(this.seed !== undefined && { seed: this.seed }),
      tokensPerSecond: this.steps / this.seconds,
    };
  }
}
