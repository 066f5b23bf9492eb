import type { ComparedRow, CompareResult } from '../../protocol/evaluation/folder.ts';
import { share } from '../../protocol/evaluation/share.ts';
import { signTest } from '../statistics/signTest.ts';

type Wins = CompareResult['wins'][number];
type OfModel = ComparedRow['models'][number];

/** A figure by which one model does better than another on a row; the larger one wins. */
interface Measure {
  readonly name: Wins['measure'];
  readonly of: (model: OfModel) => number | null | undefined;
}

const negated = (value: number | null): number | null => (value === null ? null : -value);

const MEASURES: readonly Measure[] = [
  { name: 'perplexity', of: ({ perplexity }) => negated(perplexity) },
  { name: 'bitsPerByte', of: ({ bitsPerByte }) => negated(bitsPerByte) },
  { name: 'reward', of: ({ reward }) => reward },
  { name: 'judge', of: ({ judged }) => judged },
];

/** How often one of two did better, worse, and neither. */
export interface Tally {
  better: number;
  worse: number;
  ties: number;
}

/** Counts by pair of models and measure which one does better; rows that lack a figure of either do not count. */
export function winCounter(models: readonly string[], names: ReadonlyArray<Wins['measure']>) {
  const measures = MEASURES.filter(({ name }) => names.includes(name));
  const pairs = models.flatMap((first, i) =>
    models.slice(i + 1).map((second, at) => ({ first, second, i, j: i + 1 + at })),
  );
  const counters = pairs.flatMap(pair => measures.map(measure => ({ ...pair, measure, tally: noWins() })));
  return {
    add({ models }: ComparedRow): void {
      for (const { i, j, measure, tally } of counters) {
        const [a, b] = [models[i], models[j]].map(model => model && measure.of(model));
        if (typeof a !== 'number' || typeof b !== 'number') continue;
        if (a === b) tally.ties += 1;
        else if (a > b) tally.better += 1;
        else tally.worse += 1;
      }
    },
    result: (): Wins[] =>
      counters.flatMap(({ first, second, measure, tally }) => winsOf({ first, second, measure: measure.name }, tally)),
  };
}

export const noWins = (): Tally => ({ better: 0, worse: 0, ties: 0 });

/** None where no row counts. Ties count half for the rate, and not for the test. */
export function winsOf(of: Pick<Wins, 'first' | 'second' | 'measure'>, { better, worse, ties }: Tally): Wins[] {
  const count = better + worse + ties;
  if (count === 0) return [];
  return [{ ...of, rate: share(better + ties / 2, count), ties, pValue: signTest(better, worse) }];
}
