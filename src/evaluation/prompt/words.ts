import type { PromptTask } from '../../protocol/evaluation/request.ts';
import { Reasoned } from '../../protocol/result.ts';

/** The labels with the words that stand for each, in the order of the request. */
export type LabelWords = ReadonlyMap<string, readonly string[]>;

/** @throws Reasoned `label-words-invalid`: fewer than two labels, a label without a word, one word for two labels */
export function labelWordsOf({ labelWords }: Pick<PromptTask, 'labelWords'>): LabelWords {
  const labels = Object.entries(labelWords).map(
    ([label, words]) => [label, typeof words === 'string' ? [words] : [...words]] as const,
  );
  if (labels.length < 2) throw invalid('it needs two labels or more', 'Give each label a word.');
  const labelOf = new Map<string, string>();
  for (const [label, words] of labels) {
    if (words.length === 0 || words.includes(''))
      throw invalid(`label ${quoted(label)} has no word, or an empty one`, 'Give it a word.');
    for (const word of words) {
      const other = labelOf.get(word);
      if (other !== undefined)
        throw invalid(
          `${quoted(word)} stands for ${quoted(other)} and for ${quoted(label)}`,
          'Give each its own word.',
        );
      labelOf.set(word, label);
    }
  }
  return new Map(labels);
}

const quoted = (text: string): string => JSON.stringify(text);

const invalid = (what: string, remedy: string): Reasoned =>
  new Reasoned('label-words-invalid', `prompt.labelWords can’t be used: ${what}.`, remedy);
