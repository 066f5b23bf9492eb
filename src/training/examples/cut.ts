import type { TrainingSpec } from '../../protocol/run/spec.ts';
import { type EncodedRow, type EncodedSequence, promptLength, scoredTokens, type Span } from './encode.ts';
import type { LeftOut } from './rowTexts.ts';

export interface Limits extends Pick<TrainingSpec, 'maxPromptLength' | 'tooLong' | 'truncate'> {
  /** Tokens of a sequence at most. */
  readonly maxLength: number;
  readonly scored: 'completion' | 'all' | 'none';
}

/**
 * A row as it is trained on. Too long a prompt is cut first, then too long a sequence, at the end that `truncate` says:
 * all sequences of a row lose the same beginning, so that they go on from one prompt. A row that keeps nothing to learn
 * from, or is too long where such are dropped, is left out.
 */
export function cutRow(row: EncodedRow, limits: Limits): EncodedRow | LeftOut {
  const tooLong = limits.tooLong === 'drop' ? overLimit(row, limits) : undefined;
  if (tooLong) return { leftOut: tooLong };
  const prompts = row.sequences.map(sequence => cutPrompt(sequence, limits));
  const excess = Math.max(...prompts.map(({ ids }) => ids.length)) - limits.maxLength;
  const sequences =
    excess <= 0 ? prompts : prompts.map(sequence => cutTo(sequence, limits, limits.truncate === 'left' ? excess : 0));
  const taught = (sequence: EncodedSequence, index: number): boolean =>
    limits.scored === 'none'
      ? teachesAsAWhole(sequence, row.sequences[index])
      : scoredTokens(sequence, limits.scored).includes(1);
  if (!sequences.every(taught)) return { leftOut: nothingLeft(row, limits) };
  return { ...row, sequences };
}

function overLimit({ sequences }: EncodedRow, { maxLength, maxPromptLength }: Limits): string | undefined {
  const longest = Math.max(...sequences.map(({ ids }) => ids.length));
  if (longest > maxLength) return `it has ${longest} tokens, and ${maxLength} are the most`;
  const prompt = Math.max(...sequences.map(promptLength));
  if (maxPromptLength !== null && prompt > maxPromptLength)
    return `its prompt has ${prompt} tokens, and ${maxPromptLength} are the most`;
  return undefined;
}

function cutPrompt(sequence: EncodedSequence, { maxPromptLength, truncate }: Limits): EncodedSequence {
  const length = promptLength(sequence);
  if (maxPromptLength === null || length <= maxPromptLength) return sequence;
  const excess = length - maxPromptLength;
  return remove(sequence, truncate === 'left' ? 0 : maxPromptLength, excess);
}

/** `fromStart` tokens go from the beginning, but none of the last completion; what is still too much goes from the end. */
function cutTo(sequence: EncodedSequence, { maxLength }: Limits, fromStart: number): EncodedSequence {
  const shortened = remove(sequence, 0, Math.min(fromStart, beforeLastCompletion(sequence)));
  return remove(shortened, maxLength, Math.max(0, shortened.ids.length - maxLength));
}

function beforeLastCompletion({ ids, spans }: EncodedSequence): number {
  const last = spans.findLastIndex(({ part }) => part === 'completion');
  if (last === -1) return ids.length;
  return spans.slice(0, last).reduce((sum, { length }) => sum + length, 0);
}

function remove(sequence: EncodedSequence, from: number, count: number): EncodedSequence {
  if (count === 0) return sequence;
  const spans: Span[] = [];
  let start = 0;
  for (const { part, length } of sequence.spans) {
    const overlap = Math.max(0, Math.min(start + length, from + count) - Math.max(start, from));
    if (length > overlap) spans.push({ part, length: length - overlap });
    start += length;
  }
  return { ...sequence, ids: sequence.ids.toSpliced(from, count), spans };
}

/** A text that is judged as a whole has at least a token; an answer to a prompt has one of its own. */
function teachesAsAWhole({ ids, spans }: EncodedSequence, uncut: EncodedSequence | undefined): boolean {
  const isAnswer = uncut?.spans.some(({ part }) => part === 'completion') ?? false;
  return isAnswer ? spans.some(({ part }) => part === 'completion') : ids.length > 0;
}

function nothingLeft({ sequences }: EncodedRow, { maxLength }: Limits): string {
  const long = sequences.some(({ ids }) => ids.length > maxLength);
  return long
    ? `nothing to learn from is left of it within ${maxLength} tokens`
    : 'there is nothing to learn from in it';
}
