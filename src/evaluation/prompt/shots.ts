import { shuffled } from '../../data/shuffle.ts';
import { cellText, isMissing } from '../../data/table.ts';
import type { ViewRow } from '../../data/view.ts';
import { Reasoned, throwIfAborted } from '../../protocol/result.ts';
import { type EvaluationRows, readRows, rowCount, type RowSelection } from '../rows.ts';
import { labelPlace } from './labels.ts';
import { rowTemplate } from './template.ts';
import type { LabelWords } from './words.ts';

/** Stands after each example. */
const BETWEEN_SHOTS = '\n\n';

interface ShotsRequest {
  readonly prompt: string;
  readonly shots: number;
  readonly seed: number;
}

/**
 * The examples that stand before every row: each the template's text with the first word of its label, and an empty line.
 * They are drawn from `others`, as many of each label as can be (of the first labels one more), in an order of the seed's.
 * @throws Reasoned `shots-missing` where there are not so many
 */
export async function shotsText(
  { prompt, shots, seed }: ShotsRequest,
  { others }: EvaluationRows,
  words: LabelWords,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (shots === 0) return '';
  const place = labelPlace(others.dataset);
  const drawn = draw(await rowsByLabel(others, place, [...words.keys()], signal), shots, seed);
  if (drawn.length < shots) throw tooFew(shots, drawn.length);
  const template = rowTemplate(prompt, others.dataset, 'prompt.prompt');
  const examples = drawn.map(at => {
    const [row] = readRows(others, at, 1) as [ViewRow];
    const [word = ''] = words.get(cellText(row.cells[place])) ?? [];
    return `${template(row.cells)}${word}${BETWEEN_SHOTS}`;
  });
  return examples.join('');
}

/** Places of a selection's rows by label. */
async function rowsByLabel(
  selection: RowSelection,
  place: number,
  labels: readonly string[],
  signal: AbortSignal | undefined,
): Promise<number[][]> {
  const found = new Map(labels.map((label): [string, number[]] => [label, []]));
  for (let from = 0; from < rowCount(selection); ) {
    throwIfAborted(signal);
    const rows = readRows(selection, from, 512);
    for (const [at, { cells }] of rows.entries())
      if (!isMissing(cells[place])) found.get(cellText(cells[place]))?.push(from + at);
    from += rows.length;
  }
  return [...found.values()];
}

/** One of each label after the other, until there are enough or none is left; then in an order of their own. */
function draw(byLabel: ReadonlyArray<readonly number[]>, shots: number, seed: number): number[] {
  const orders = byLabel.map((rows, label) => [...shuffled(rows.length, seed, `shots/${label}`)].map(at => rows[at]));
  const longest = Math.max(...orders.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, turn) => orders.flatMap(order => order[turn] ?? []));
  const drawn = turns.flat().slice(0, shots);
  return [...shuffled(drawn.length, seed, 'shots')].map(at => drawn[at] as number);
}

const tooFew = (wanted: number, there: number): Reasoned =>
  new Reasoned(
    'shots-missing',
    `prompt.shots is ${wanted}, and there ${there === 1 ? 'is one row' : `are ${there} rows`} with a label to draw them from.`,
    'Evaluate a part of the split (part), so that they are drawn from its training part, or fewer rows (rows), so that some are left; or ask for fewer.',
  );
