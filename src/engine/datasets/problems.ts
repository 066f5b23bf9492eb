import type { DatasetProblem, ProblemKind } from '../../protocol/dataset.ts';
import type { Part, RunSpec } from '../../protocol/run/spec.ts';
import type { Analysis } from '../../training/examples/analysis.ts';
import type { Limits } from '../../training/examples/cut.ts';
import type { DatasetView } from '../../training/examples/rows.ts';
import type { Table } from '../../data/table.ts';

/** Of all problems, so many are told one by one. */
export const MOST_PROBLEMS = 1000;

export interface Problem {
  readonly kind: ProblemKind;
  readonly message: string;
}

/** What problems are found with. */
export interface Checked {
  readonly table: Table;
  readonly view: DatasetView;
  readonly spec: RunSpec;
  readonly analysis: Analysis;
  readonly limits: Limits | null;
  /** Null where the split can't be made. */
  readonly partOf: ((row: number) => Part) | null;
}

/** Finds what is wrong with a row. */
export function rowProblems({ table, view, spec, analysis, limits, partOf }: Checked): (row: number) => Problem[] {
  const trained = partOf && trainedTexts(analysis, partOf);
  const known = knownLabels(spec, analysis, partOf);
  const { labels, leftOut, duplicates, equalPairs, textHashes } = analysis;
  return row => {
    const problems: Problem[] = [];
    const add = (kind: ProblemKind, message: string): void => void problems.push({ kind, message });
    const malformed = table.malformed.get(view.view.source(row));
    if (malformed !== undefined) add('malformed', malformed);
    const out = leftOut.get(row);
    if (out !== undefined) add('empty', `It is left out: ${out}.`);
    const long = limits && tooLong(analysis, limits, row);
    if (long) add('too-long', long);
    const label = labels?.names[labels.ofRow[row] ?? -1];
    if (label !== undefined && known && !known.has(label))
      add('unknown-label', `Its label “${label}” is not known to training.`);
    const first = duplicates.get(row);
    if (first !== undefined) add('duplicate', `It says what row ${first + 1} says.`);
    if (equalPairs.has(row))
      add('duplicate', 'Its chosen and its rejected answer are equal: it is kept, and teaches little.');
    const part = partOf?.(row);
    const same = part === 'train' ? undefined : trained?.get(textHashes[row] as number);
    if (same !== undefined) add('in-train-and-test', `Its text is in ${part} and, as row ${same + 1}, in train.`);
    return problems;
  };
}

export function* allProblems(
  count: number,
  problemsOf: (row: number) => readonly Problem[],
): Generator<DatasetProblem> {
  for (let row = 0; row < count; row++) for (const problem of problemsOf(row)) yield { ...problem, row };
}

/** Whether a row is left out, as far as its lengths tell. */
export function isLost({ leftOut, lengths }: Analysis, limits: Limits | null, row: number): boolean {
  if (leftOut.has(row)) return true;
  if (!lengths || !limits) return false;
  const [total, prompt] = [lengths.total[row] as number, lengths.prompt[row] as number];
  if (limits.tooLong === 'drop')
    return total > limits.maxLength || (limits.maxPromptLength !== null && prompt > limits.maxPromptLength);
  return (
    limits.scored === 'completion' && limits.truncate === 'right' && promptLeft(prompt, limits) >= limits.maxLength
  );
}

const promptLeft = (prompt: number, { maxPromptLength }: Limits): number => Math.min(prompt, maxPromptLength ?? prompt);

function tooLong(analysis: Analysis, limits: Limits, row: number): string | undefined {
  const { lengths } = analysis;
  if (!lengths) return undefined;
  const [total, prompt] = [lengths.total[row] as number, lengths.prompt[row] as number];
  const promptCut =
    limits.maxPromptLength !== null && limits.scored === 'completion' && prompt > limits.maxPromptLength;
  if (total <= limits.maxLength && !promptCut) return undefined;
  const what = promptCut
    ? `Its prompt has ${prompt} tokens, and ${limits.maxPromptLength} are the most`
    : `It has ${total} tokens, and ${limits.maxLength} are the most`;
  return isLost(analysis, limits, row) ? `${what}: it is left out.` : `${what}: it is cut.`;
}

/** The first training row of each text. */
function trainedTexts({ textHashes }: Analysis, partOf: (row: number) => Part): Map<number, number> {
  const texts = new Map<number, number>();
  for (const [row, hash] of textHashes.entries())
    if (!Number.isNaN(hash) && partOf(row) === 'train' && !texts.has(hash)) texts.set(hash, row);
  return texts;
}

/** The labels that training knows; null where any label will do. */
function knownLabels(spec: RunSpec, { labels }: Analysis, partOf: Checked['partOf']): ReadonlySet<string> | null {
  if (!labels || (spec.method !== 'classification' && !spec.sft.labelWords)) return null;
  if (spec.method === 'sft' && spec.sft.labelWords) return new Set(Object.keys(spec.sft.labelWords));
  if (spec.classification.labels) return new Set(spec.classification.labels);
  if (!partOf) return null;
  const known = new Set<string>();
  for (const [row, label] of labels.ofRow.entries())
    if (label >= 0 && partOf(row) === 'train') known.add(labels.names[label] as string);
  return known;
}
