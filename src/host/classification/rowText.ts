/** A line as a classifier should read it. */
export interface RowText {
  readonly text: string;
  /** Where it starts in the line. */
  readonly start: number;
  /** The label that the line itself gives. */
  readonly given?: string;
}

/**
 * Of a line of a tab-separated dataset that names a label, what stands beside it: the model was trained on the text
 * alone, and would only read the answer. Any other line is read as it stands.
 */
export function rowText(line: string, labels: readonly string[]): RowText {
  const fields = line.split('\t');
  const [first = '', second = ''] = fields;
  if (fields.length !== 2) return { text: line, start: 0 };
  if (labels.includes(first)) return { text: second, start: first.length + 1, given: first };
  return labels.includes(second) ? { text: first, start: 0, given: second } : { text: line, start: 0 };
}
