import type { PromptTask } from '../../protocol/evaluation/request.ts';
import type { SequenceScore } from './scorer.ts';
import type { LabelWords } from './words.ts';

/** A score for a word, out of what the model says of it after the prompt, and after the prompt with empty columns. */
type Normalize = (word: SequenceScore, afterEmpty: SequenceScore | undefined) => number;

/**
 * contextual: by how much the row makes the word likelier than the template alone does (their mutual information; Holtzman
 * et al. 2021, "Surface Form Competition").
 */
const NORMALIZE: Readonly<Record<PromptTask['normalize'], Normalize>> = {
  sum: ({ logProbability }) => logProbability,
  mean: ({ logProbability, tokens }) => logProbability / tokens,
  contextual: ({ logProbability }, afterEmpty) => logProbability - (afterEmpty?.logProbability ?? 0),
};

/** Of a row's words, one label's after the other's: the score of each label, that of its likeliest word. */
export function labelScores(
  words: LabelWords,
  said: readonly SequenceScore[],
  afterEmpty: readonly SequenceScore[],
  normalize: PromptTask['normalize'],
): Record<string, number> {
  const scores = said.map((word, at) => NORMALIZE[normalize](word, afterEmpty[at]));
  let first = 0;
  const byLabel = [...words].map(([label, ofLabel]): [string, number] => {
    const score = Math.max(...scores.slice(first, first + ofLabel.length));
    first += ofLabel.length;
    return [label, score];
  });
  return Object.fromEntries(byLabel);
}

/** The label of the largest score; of equal ones the first. */
export const bestLabel = (labels: readonly string[], scores: Readonly<Record<string, number>>): string =>
  labels.reduce((best, label) => ((scores[label] as number) > (scores[best] as number) ? label : best));
