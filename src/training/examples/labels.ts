import { Reasoned } from '../../protocol/result.ts';
import type { Part, RunSpec } from '../../protocol/run/spec.ts';

/** A label and where it stands. */
export interface RowLabel {
  readonly label: string;
  readonly part: Part;
  /** Number of the row after the steps, from 0. */
  readonly row: number;
}

/**
 * The labels of a run, in the order of their numbers: those given, the label words', else those of the training rows,
 * sorted. Null where the method has none. Throws `one-class` and `label-unknown`, naming a row.
 */
export function labelsOf(spec: RunSpec, labels: Iterable<RowLabel>): string[] | null {
  if (!hasLabels(spec)) return null;
  const firstOf = new Map<string, RowLabel>();
  const inTraining = new Set<string>();
  for (const each of labels) {
    if (!firstOf.has(each.label)) firstOf.set(each.label, each);
    if (each.part === 'train') inTraining.add(each.label);
  }
  const words = spec.method === 'sft' ? spec.sft.labelWords : null;
  const known = words ? Object.keys(words) : [...(spec.classification.labels ?? [...inTraining].sort())];
  for (const [label, at] of firstOf) if (!known.includes(label)) throw labelUnknown(spec, at, known);
  if (inTraining.size < 2) throw oneClass(spec, [...inTraining]);
  return known;
}

export const hasLabels = ({ method, sft, ppo }: RunSpec): boolean =>
  method === 'classification' ||
  (method === 'sft' && sft.labelWords !== null) ||
  (method === 'ppo' && ppo.rewardRule !== null && 'label' in ppo.rewardRule);

function labelUnknown({ classification, sft }: RunSpec, { label, part, row }: RowLabel, known: string[]): Reasoned {
  const field = sft.labelWords ? 'sft.labelWords' : classification.labels ? 'classification.labels' : undefined;
  const where = `Row ${row + 1} of ${part} has the label "${shortened(label)}", which is`;
  const list = known.slice(0, 20).map(shortened).join(', ');
  return field === undefined
    ? new Reasoned(
        'label-unknown',
        `${where} that of no training row: those have ${list}.`,
        'Leave such rows out with a filter step, split otherwise, or set classification.labels to all labels.',
      )
    : new Reasoned(
        'label-unknown',
        `${where} not in ${field}: ${list}.`,
        `Add it to ${field}, or leave such rows out with a filter step.`,
      );
}

const oneClass = ({ dataset }: RunSpec, labels: readonly string[]): Reasoned =>
  new Reasoned(
    'one-class',
    labels.length === 0
      ? 'No training row has a label.'
      : `All training rows have one label, "${shortened(labels[0] ?? '')}": there is nothing to tell apart.`,
    `Check which column holds the labels${dataset.columns.label ? ` (dataset.columns.label is "${dataset.columns.label}")` : ''}, or use data of two classes or more.`,
  );

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
