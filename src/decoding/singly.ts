import type { FinishReason, Generation } from '../protocol/generation.ts';
import { Reasoned } from '../protocol/result.ts';
import type { Decoder, DecoderUpdate, Start } from './decoder.ts';
import { extended, generationOf, type Hypothesis } from './hypothesis.ts';
import type { Processor } from './penalties.ts';
import { choicesFrom, type Prediction } from './prediction.ts';
import { processed } from './processors.ts';
import { largestOf } from './softmax.ts';
import { certainLength } from './text.ts';

/** Picks an id from what is left of the scores. */
export type Choose = (scores: Float32Array) => number;

/** Texts of which each goes its own way, one for each way to choose. */
export function decodeSingly(start: Start, processors: readonly Processor[], ways: readonly Choose[]): Decoder {
  const samples = ways.map((choose, number) => new Sample(start, processors, choose, number));
  const running = (): Sample[] => samples.filter(({ generation }) => generation === null);
  return {
    get live() {
      return running().map(({ hypothesis }) => hypothesis);
    },
    advance: predictions => running().flatMap((sample, index) => sample.advance(predictions[index] as Prediction)),
    generations: () => samples.map(({ generation }) => generation as Generation),
  };
}

class Sample {
  hypothesis: Hypothesis;
  generation: Generation | null = null;
  private readonly start: Start;
  private readonly processors: readonly Processor[];
  private readonly choose: Choose;
  private readonly number: number;
  /** Length of the text that was told. */
  private told = 0;

  constructor(start: Start, processors: readonly Processor[], choose: Choose, number: number) {
    this.hypothesis = { ...start.hypothesis };
    this.start = start;
    this.processors = processors;
    this.choose = choose;
    this.number = number;
  }

  advance(prediction: Prediction): DecoderUpdate[] {
    const { limits, tokenizer, top } = this.start;
    const scores = processed(prediction.logits, this.hypothesis.ids, this.processors);
    if (largestOf(scores) === Number.NEGATIVE_INFINITY) throw nothingLeft();
    const changed = this.processors.length > 0 ? scores : null;
    const choice = choicesFrom(prediction, changed, tokenizer, top)(this.choose(scores));
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
