import type { DecodingSettings, Generated, GenerationUpdate } from '../protocol/generation.ts';
import type { Decoder, Draws, Start } from './decoder.ts';
import type { Drawing } from './drawing.ts';
import type { Choice, Hypothesis, Limits } from './hypothesis.ts';
import { decoderOf } from './modes.ts';
import type { Prediction } from './prediction.ts';
import { seeded } from './sampler.ts';

type Beginning = Omit<Start, 'limits'> & Pick<Limits, 'endTokens' | 'contextLength'>;

/** What a run needs to draw for a column: see Draws. */
export interface ColumnDraws {
  readonly drawings: readonly Drawing[];
  /** The most that a text of it may still get. */
  readonly tokensLeft: number;
  taker(): (choices: readonly Choice[]) => GenerationUpdate[];
}

/** One of the settings of a request while it is decoded. */
export class Column {
  private readonly index: number;
  private readonly decoder: Decoder;
  private readonly maxNewTokens: number;
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
    this.maxNewTokens = settings.maxNewTokens;
    const decided = seeded(settings);
    this.seed = decided.decoding === 'sample' ? decided.seed : undefined;
    this.decoder = decoderOf(decided, { ...start, limits });
  }

  get live(): readonly Hypothesis[] {
    return this.decoder.live;
  }

  *advance(predictions: readonly Prediction[]): Generator<GenerationUpdate> {
    for (const update of this.decoder.advance(predictions)) yield { ...update, column: this.index };
    this.stepTaken();
  }

  /** Null where each token must be asked for. */
  get draws(): ColumnDraws | null {
    const { draws, live } = this.decoder;
    if (!draws) return null;
    const left = Math.max(...live.map(({ tokens }) => this.maxNewTokens - tokens.length));
    return { drawings: draws.drawings, tokensLeft: left, taker: () => this.takerOf(draws) };
  }

  private takerOf(draws: Draws) {
    const take = draws.taker();
    return (choices: readonly Choice[]): GenerationUpdate[] => {
      if (this.live.length === 0) return [];
      this.stepTaken();
      return take(choices).map(update => ({ ...update, column: this.index }));
    };
  }

  private stepTaken(): void {
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
