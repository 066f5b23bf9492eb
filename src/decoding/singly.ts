import type { FinishReason, Generation } from '../protocol/generation.ts';
import { Reasoned } from '../protocol/result.ts';
import type { Decoder, DecoderUpdate, Start } from './decoder.ts';
import type { Drawing } from './drawing.ts';
import { type Choice, extended, generationOf, type Hypothesis } from './hypothesis.ts';
import type { Processor } from './penalties.ts';
import { choicesFrom, type Prediction } from './prediction.ts';
import { processed } from './processors.ts';
import { largestOf } from '../scoring/softmax.ts';
import { certainLength } from './text.ts';

/** How a text goes on. */
export interface Way {
  /** Picks an id from what is left of the scores. */
  readonly choose: (scores: Float32Array) => number;
  /** The same without asking, where a run can draw by itself. */
  readonly drawing: Drawing | null;
}

/** Texts of which each goes its own way. */
export function decodeSingly(start: Start, processors: readonly Processor[], ways: readonly Way[]): Decoder {
  const samples = ways.map((way, number) => new Sample(start, processors, way, number));
  const running = (): Sample[] => samples.filter(({ generation }) => generation === null);
  const drawings = (): Drawing[] => running().flatMap(({ way }) => way.drawing ?? []);
  const taker = () => {
    const texts = running();
    return (choices: readonly Choice[]) =>
      texts.flatMap((text, index) => (text.generation ? [] : text.take(choices[index] as Choice)));
  };
  return {
    get live() {
      return running().map(({ hypothesis }) => hypothesis);
    },
    advance: predictions => running().flatMap((sample, index) => sample.advance(predictions[index] as Prediction)),
    get draws() {
      const all = drawings();
      return all.length === running().length ? { drawings: all, taker } : null;
    },
    generations: () => samples.map(({ generation }) => generation as Generation),
  };
}

class Sample {
  hypothesis: Hypothesis;
  generation: Generation | null = null;
  readonly way: Way;
  private readonly start: Start;
  private readonly processors: readonly Processor[];
  private readonly number: number;
  /** Length of the text that was told. */
  private told = 0;

  constructor(start: Start, processors: readonly Processor[], way: Way, number: number) {
    this.hypothesis = { ...start.hypothesis };
    this.start = start;
    this.processors = processors;
    this.way = way;
    this.number = number;
  }

  advance(prediction: Prediction): DecoderUpdate[] {
    const { tokenizer, top } = this.start;
    const scores = processed(prediction.logits, this.hypothesis.ids, this.processors);
    if (largestOf(scores) === Number.NEGATIVE_INFINITY) throw nothingLeft();
    const changed = this.processors.length > 0 ? scores : null;
    return this.take(choicesFrom(prediction, changed, tokenizer, top)(this.way.choose(scores)));
  }

  take(choice: Choice): DecoderUpdate[] {
    const { limits, tokenizer } = this.start;
    const { hypothesis, ending } = extended(this.hypothesis, choice, limits, tokenizer);
    this.hypothesis = hypothesis;
    if (ending) this.generation = generationOf(hypothesis, ending, tokenizer);
    const text = this.generation?.text ?? hypothesis.written.text;
    const certain = ending ? text.length : certainLength(text, limits.stop);
    const updates = this.updates(choice.token, text.slice(this.told, certain), ending?.reason);
    this.told = certain;
    return updates;
  }

  private updates(
    token: Generation['tokens'][number],
    text: string,
    reason: FinishReason | undefined,
  ): DecoderUpdate[] {
    const told: DecoderUpdate = { kind: 'token', sample: this.number, token, text };
    return reason ? [told, { kind: 'finished', sample: this.number, reason, text: '' }] : [told];
  }
}

export const nothingLeft = (): Reasoned =>
  new Reasoned(
    'nothing-left',
    'Every token is banned, or would repeat an n-gram: nothing is left to choose from.',
    'Ban fewer tokens, or let n-grams repeat when they are longer.',
  );
