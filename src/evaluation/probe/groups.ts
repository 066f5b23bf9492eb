import type { ProbedRow, ProbeResult } from '../../protocol/evaluation/folder.ts';
import { textCounter } from '../textStatistics.ts';
import { likelihoodCounter } from '../likelihood.ts';

type Group = ProbeResult['groups'][number];

/** Sums up texts by column and group, in the order in which they come. */
export function groups(): { add(row: ProbedRow): void; result(): Group[] } {
  const counters = new Map<
    string,
    { readonly of: ProbedRow; readonly likelihood: Likelihood; readonly texts: Texts }
  >();
  return {
    add(row) {
      const key = JSON.stringify([row.column, row.group]);
      const counter = counters.get(key) ?? { of: row, likelihood: likelihoodCounter(), texts: textCounter() };
      counters.set(key, counter);
      counter.likelihood.add(row);
      counter.texts.add(row.text, row.tokens);
    },
    result: () =>
      [...counters.values()].map(({ of: { column, group }, likelihood, texts }) => ({
        column,
        group,
        ...likelihood.result(),
        texts: texts.result(),
      })),
  };
}

type Likelihood = ReturnType<typeof likelihoodCounter>;
type Texts = ReturnType<typeof textCounter>;
