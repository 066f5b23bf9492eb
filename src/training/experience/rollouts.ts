import { type Feed, int64 } from '../../onnx/session.ts';
import { type Examples, idsOf } from '../examples/examples.ts';
import type { Reading } from '../graphs/reading.ts';
import type { Answer, MicroBatch } from '../learner.ts';
import { type Lesson, statesOf } from './advantages.ts';

/**
 * What a policy is taught about responses, one number for each state of all of them, row after row. A state is read at the
 * token before it; a response that is shorter than the longest has one more state than tokens.
 */
export interface Experience {
  /** Where each row's states start, and the end of the last: [rows + 1]. */
  readonly offsets: readonly number[];
  /** Of the token that followed, by the policy that wrote it; after the last token that of any: [states]. */
  readonly logps: Float32Array;
  readonly values: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
  /** Tokens of the longest response. */
  readonly longest: number;
}

/** Answers as examples, a row each: what was written is what is scored. Nothing is known about them yet. */
export function rolloutExamples(answers: readonly Answer[]): Examples & { readonly experience: Experience } {
  const sequences = answers.map(({ prompt, response }) => [...Array.from(prompt), ...response]);
  const longest = Math.max(...answers.map(({ response }) => response.length));
  const offsets = sumsOf(answers.map(({ response }) => statesOf(response.length, longest)));
  const unknown = (): Float32Array => new Float32Array(offsets.at(-1) as number);
  return {
    ids: Int32Array.from(sequences.flat()),
    offsets: sumsOf(sequences.map(({ length }) => length)),
    promptTokens: Int32Array.from(answers, ({ prompt }) => prompt.length),
    scored: Uint8Array.from(
      answers.flatMap(({ prompt, response }) => [...Array.from(prompt, () => 0), ...response.map(() => 1)]),
    ),
    labels: null,
    rowOffsets: [...answers.keys(), answers.length],
    paddedLength: null,
    experience: { offsets, longest, logps: unknown(), values: unknown(), advantages: unknown(), returns: unknown() },
  };
}

/** With what the policy said of the states, and what follows from it. */
export function taught(
  examples: Examples & { readonly experience: Experience },
  said: Pick<Experience, 'logps' | 'values'>,
  lessons: readonly Lesson[],
): Examples {
  const column = (of: (lesson: Lesson) => readonly number[]) => Float32Array.from(lessons.flatMap(of));
  const { offsets, longest } = examples.experience;
  const advantages = column(lesson => lesson.advantages);
  return {
    ...examples,
    experience: { offsets, longest, ...said, advantages, returns: column(lesson => lesson.returns) },
  };
}

/** The experience of a batch's examples. @throws RangeError for examples that are no rollouts */
export function experienceOf({ examples }: Pick<MicroBatch, 'examples'>): Experience {
  if (!examples.experience) throw new RangeError('nothing was written after these prompts yet');
  return examples.experience;
}

/** Responses, each read at its states. */
export const stateReadings = ({ examples, rows }: MicroBatch): Reading[] =>
  rows.map(row => {
    const { offsets } = experienceOf({ examples });
    const first = (examples.promptTokens[row] as number) - 1;
    const count = (offsets[row + 1] as number) - (offsets[row] as number);
    const read = Array.from({ length: count }, (_, state) => first + state);
    return { sequence: row, ids: idsOf(examples, row), read };
  });

/** The tokens that follow; after the last one any: [N]. */
export const stateTargets = (readings: readonly Reading[]): Feed =>
  int64(readings.flatMap(({ ids, read }) => read.map(position => ids[position + 1] ?? 0)));

/** Where each of consecutive groups starts, and the end of the last. */
function sumsOf(counts: readonly number[]): number[] {
  const sums = [0];
  for (const count of counts) sums.push((sums.at(-1) as number) + count);
  return sums;
}
