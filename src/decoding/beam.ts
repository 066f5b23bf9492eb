import type { BeamSettings, Generation } from '../protocol/generation.ts';
import type { Decoder, DecoderUpdate, Start } from './decoder.ts';
import { type Ending, extended, generationOf, type Hypothesis } from './hypothesis.ts';
import { largest } from './ordering.ts';
import type { Processor } from './penalties.ts';
import { choicesFrom, logProbabilities, type Prediction } from './prediction.ts';
import { penaltiesOf, processed } from './processors.ts';
import { nothingLeft } from './singly.ts';
import { grown } from './text.ts';

/** Keeps the likeliest beginnings. As `_beam_search` of transformers (generation/utils.py), for one prompt. */
export const beam = (settings: BeamSettings, start: Start): Decoder => new BeamSearch(settings, start);

interface Beam {
  readonly hypothesis: Hypothesis;
  /** Log-probability after penalties, summed over the generated tokens. */
  readonly sum: number;
}

/** A beam of the next step, should it be taken. */
interface Candidate extends Beam {
  /** Index of the beam that it continues. */
  readonly parent: number;
  readonly ending: Ending | null;
}

interface Finished {
  readonly score: number;
  readonly generation: Generation;
}

class BeamSearch implements Decoder {
  readonly draws = null;
  private readonly settings: BeamSettings;
  private readonly start: Start;
  private readonly processors: readonly Processor[];
  private running: readonly Beam[];
  /** Best first, as many as beams at most. */
  private finished: readonly Finished[] = [];
  private step = 0;

  constructor(settings: BeamSettings, start: Start) {
    this.settings = settings;
    this.start = start;
    this.processors = penaltiesOf(settings);
    this.running = [{ hypothesis: { ...start.hypothesis }, sum: 0 }];
  }

  get live(): readonly Hypothesis[] {
    return this.running.map(({ hypothesis }) => hypothesis);
  }

  advance(predictions: readonly Prediction[]): DecoderUpdate[] {
    const { beams } = this.settings;
    const candidates = this.running
      .flatMap((beam, parent) => this.continuations(beam, parent, predictions[parent] as Prediction))
      .sort((a, b) => b.sum - a.sum)
      .slice(0, 2 * beams)
      .map(candidate => candidate.taken());
    if (candidates.length === 0) throw nothingLeft();
    this.step += 1;
    const living = candidates.filter(({ ending }) => !ending).slice(0, beams);
    // Those behind the best are there so that enough go on; they can't end among the best.
    const ended = candidates.slice(0, beams).filter(({ ending }) => ending);
    this.finished = [...this.finished, ...ended.map(candidate => this.finish(candidate))]
      .sort((a, b) => b.score - a.score)
      .slice(0, beams);
    this.running = this.isOver(living) ? [] : living;
    const beamsOfStep = { kind: 'beams', step: this.step, beams: [...living, ...ended].map(stateOf) } as const;
    return this.running.length > 0 ? [beamsOfStep] : [beamsOfStep, ...this.endings()];
  }

  generations(): Generation[] {
    return this.finished.slice(0, this.settings.returned ?? 1).map(({ generation }) => generation);
  }

  /** The likeliest that may follow a beam. What is told of a token is worked out for those that are taken. */
  private continuations({ hypothesis, sum }: Beam, parent: number, prediction: Prediction) {
    const { limits, tokenizer, top } = this.start;
    const scores =
      this.processors.length > 0 ? processed(logProbabilities(prediction), hypothesis.ids, this.processors) : null;
    const choices = choicesFrom(prediction, scores, tokenizer, top);
    return largest(scores ?? prediction.logits, 2 * this.settings.beams).map(id => {
      const logProbability = scores
        ? (scores[id] as number)
        : (prediction.logits[id] as number) - prediction.normalizer;
      const together = sum + logProbability;
      const taken = (): Candidate => ({
        ...extended(hypothesis, choices(id), limits, tokenizer),
        parent,
        sum: together,
      });
      return { sum: together, taken };
    });
  }

  private finish({ hypothesis, sum, ending }: Candidate): Finished {
    const score = this.score(sum);
    return { score, generation: { ...generationOf(hypothesis, ending as Ending, this.start.tokenizer), score } };
  }

  /** Of what has as many tokens as there were steps. */
  private score(sum: number): number {
    return sum / this.step ** (this.settings.lengthPenalty ?? 1);
  }

  /** Without early stopping, it goes on as long as the best beam, were it to end here, would be among the finished. */
  private isOver(living: readonly Beam[]): boolean {
    const [best] = living;
    if (!best) return true;
    if (this.finished.length < this.settings.beams) return false;
    const worst = this.finished.at(-1) as Finished;
    return (this.settings.earlyStopping ?? false) || this.score(best.sum) <= worst.score;
  }

  private endings(): DecoderUpdate[] {
    return this.generations().flatMap((generation, sample) => told(generation, sample, this.start));
  }
}

/** All of a text at once, token by token, as it would have come had it been the only one. */
function told({ tokens, text, finishReason }: Generation, sample: number, start: Start): DecoderUpdate[] {
  let { written } = start.hypothesis;
  let known = 0;
  const updates = tokens.map((token): DecoderUpdate => {
    if (!start.limits.endTokens.includes(token.id)) written = grown(written, token.id, start.tokenizer);
    const added = text.slice(known, written.text.length);
    known += added.length;
    return { kind: 'token', sample, token, text: added };
  });
  return [...updates, { kind: 'finished', sample, reason: finishReason, text: text.slice(known) }];
}

function stateOf({ parent, hypothesis, sum, ending }: Candidate) {
  const { id, text, probability } = hypothesis.tokens.at(-1) as Hypothesis['tokens'][number];
  const token = { id, text, probability };
  return { parent, token, text: hypothesis.written.text, logProbability: sum, finished: ending !== null };
}
