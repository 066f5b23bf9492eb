import type {
  ComparedRow,
  EvaluatedRow,
  JudgedRow,
  LabelledRow,
  LeftOutRow,
  ProbedRow,
  ResponseRow,
} from './folder.ts';

// Which task a line of rows.jsonl is of can be told by its fields.

export const isLeftOut = (row: EvaluatedRow): row is LeftOutRow => 'leftOut' in row;
export const isLabelled = (row: EvaluatedRow): row is LabelledRow => 'predicted' in row;
export const isResponse = (row: EvaluatedRow): row is ResponseRow => 'finishReason' in row;
export const isJudged = (row: EvaluatedRow): row is JudgedRow => 'attempts' in row;
export const isCompared = (row: EvaluatedRow): row is ComparedRow => 'models' in row;
export const isProbed = (row: EvaluatedRow): row is ProbedRow => 'group' in row;

/** All that a reader would look for in a row. */
export function textsOf(row: EvaluatedRow): string[] {
  if (isLeftOut(row)) return [row.leftOut];
  if (isLabelled(row)) return [row.text, row.label, row.predicted];
  if (isResponse(row)) return [row.prompt, row.response, row.reference ?? ''];
  if (isJudged(row)) return [row.response, row.answer, row.problem ?? ''];
  if (isCompared(row)) return [row.prompt, row.reference ?? '', ...row.models.map(({ response = '' }) => response)];
  return [row.text];
}

/** The probability of each label: a classifier's scores are that; a prompt's are made so by softmax. */
export function probabilitiesOf({ scores }: LabelledRow, task: string): Readonly<Record<string, number>> {
  if (task === 'classifier') return scores;
  const most = Math.max(...Object.values(scores));
  const weights = Object.entries(scores).map(([label, score]) => [label, Math.exp(score - most)] as const);
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  return Object.fromEntries(weights.map(([label, weight]) => [label, weight / sum]));
}

/** How sure the model was: the probability of the label that it chose. */
export const confidenceOf = (row: LabelledRow, task: string): number =>
  probabilitiesOf(row, task)[row.predicted] ?? Number.NaN;
