import type { Estimate, EvaluationResult } from '../../../src/protocol/evaluation/folder.ts';
import { count, NONE, percent, perplexity } from '../../shared/format.ts';
import { tenths } from './tenths.ts';

/** A figure of an evaluation, under a name by which that of another one is found. */
export interface Figure {
  readonly name: string;
  readonly value: number | null;
  readonly estimate?: Estimate;
  readonly write: (value: number) => string;
  /** Whether more is better; null: it is neither. */
  readonly higher: boolean | null;
}

const share = (name: string, value: number | null, higher: boolean | null = true): Figure => ({
  name,
  value,
  write: percent,
  higher,
});

const estimated = (name: string, estimate: Estimate, write: Figure['write'] = percent): Figure => ({
  name,
  value: estimate.value,
  estimate,
  write,
  higher: true,
});

const fixed = (value: number): string => value.toFixed(2);

/** The figures of a result, in the order in which they are read. */
export function figuresOf(result: EvaluationResult): Figure[] {
  switch (result.task) {
    case 'prompt':
    case 'classifier':
      return [
        estimated('accuracy', result.accuracy),
        ...result.classes.map(({ label, f1 }) => share(`F1 of ${label}`, f1)),
        share('calibration error', result.expectedCalibrationError, false),
      ];
    case 'generate':
      return result.models.flatMap(({ model, texts }) => [
        { name: `tokens, ${model}`, value: texts.meanTokens, write: tenths, higher: null },
        share(`distinct pairs, ${model}`, texts.distinct2),
        share(`repeated, ${model}`, texts.repetition, false),
      ]);
    case 'judge':
      return result.columns.map(({ column, mean }) =>
        mean
          ? estimated(`mean score, ${column}`, mean, tenths)
          : { name: `mean score, ${column}`, value: null, write: tenths, higher: true },
      );
    case 'compare':
      return result.models.flatMap(({ model, perplexity: value, reward, judged, checks }) => [
        { name: `perplexity, ${model}`, value, write: perplexity, higher: false },
        ...(reward ? [estimated(`reward, ${model}`, reward, fixed)] : []),
        ...(judged ? [estimated(`judged, ${model}`, judged, tenths)] : []),
        ...checks.map(({ name, passed }) => estimated(`${name}, ${model}`, passed)),
      ]);
    case 'probe':
      return result.groups.flatMap(({ column, group, perplexity: value, texts }) => {
        const name = group === null ? column : `${column} · ${group}`;
        return [
          { name: `perplexity, ${name}`, value, write: perplexity, higher: false },
          share(`distinct pairs, ${name}`, texts.distinct2),
        ];
      });
  }
}

export interface FigurePair {
  readonly name: string;
  readonly first: string;
  readonly second: string;
  /** Of the first over the second, with its sign; empty where one is missing. */
  readonly difference: string;
  readonly better: 'first' | 'second' | null;
  /** Their intervals overlap: chance may be all there is between them. */
  readonly overlap: boolean;
}

/** Figures of both, those of the first in its order, then those that the second alone has. */
export function figurePairs(first: readonly Figure[], second: readonly Figure[]): FigurePair[] {
  const names = [...new Set([...first, ...second].map(({ name }) => name))];
  return names.map(name => {
    const [a, b] = [first, second].map(figures => figures.find(figure => figure.name === name));
    const { write, higher } = (a ?? b) as Figure;
    const text = (figure: Figure | undefined): string =>
      figure === undefined || figure.value === null ? NONE : write(figure.value);
    const [x, y] = [a?.value ?? null, b?.value ?? null];
    const difference = x === null || y === null ? null : x - y;
    return {
      name,
      first: text(a),
      second: text(b),
      difference: difference === null ? '' : signed(difference, write),
      better:
        difference === null || difference === 0 || higher === null
          ? null
          : difference > 0 === higher
            ? 'first'
            : 'second',
      overlap: Boolean(a?.estimate && b?.estimate && overlaps(a.estimate, b.estimate)),
    };
  });
}

const overlaps = (a: Estimate, b: Estimate): boolean => a.low <= b.high && b.low <= a.high;

const signed = (value: number, write: Figure['write']): string =>
  value === 0 ? count(0) : `${value < 0 ? '−' : '+'}${write(Math.abs(value))}`;
