import type { EvaluatedRow } from '../../protocol/evaluation/folder.ts';
import {
  confidenceOf,
  isCompared,
  isJudged,
  isLabelled,
  isLeftOut,
  isProbed,
  isResponse,
} from '../../protocol/evaluation/rows.ts';
import type { Facet, RowKey, RowQuery, SoFar } from '../../protocol/panels/evaluation.ts';

type Value = number | string | null;
type Kind = 'right' | 'wrong' | 'left out' | 'plain';

const FACETS: readonly Facet[] = ['label', 'predicted', 'column', 'model', 'group'];
/** Beyond so many values a facet is no choice for a list. */
const MOST_VALUES = 200;

/**
 * What rows are filtered and sorted by, of each a number or a name: so that a million rows fit in memory while their
 * texts stay in the file.
 */
export class RowTable {
  readonly #task: string;
  readonly #columns = new Map<RowKey, Value[]>();
  readonly #kinds: Kind[] = [];
  readonly #facets = new Map<Facet, Map<string, string>>();
  readonly #confusion = new Map<string, Map<string, number>>();
  readonly #judged = new Map<string, { asked: number; scored: number; sum: number; histogram: number[] }>();
  #leftOut = 0;

  constructor(task: string) {
    this.#task = task;
  }

  get length(): number {
    return this.#kinds.length;
  }

  get leftOut(): number {
    return this.#leftOut;
  }

  get facets(): Partial<Record<Facet, readonly string[]>> {
    const listed = [...this.#facets].filter(([, values]) => values.size <= MOST_VALUES);
    return Object.fromEntries(listed.map(([facet, values]) => [facet, [...values.keys()].sort()]));
  }

  /** What the rows so far add up to. */
  get soFar(): SoFar {
    const labels = [...new Set([...this.#confusion].flatMap(([label, row]) => [label, ...row.keys()]))].sort();
    const counts = labels.map(label => labels.map(predicted => this.#confusion.get(label)?.get(predicted) ?? 0));
    return {
      confusion: labels.length > 0 ? { labels, counts } : null,
      judged: [...this.#judged].map(([column, { sum, ...counted }]) => ({
        column,
        ...counted,
        mean: counted.scored > 0 ? sum / counted.scored : null,
      })),
    };
  }

  add(row: EvaluatedRow): void {
    const at = this.length;
    const kind = kindOf(row);
    this.#kinds.push(kind);
    if (kind === 'left out') this.#leftOut++;
    for (const [key, value] of Object.entries(valuesOf(row, this.#task)) as Array<[RowKey, Value]>) {
      const column = this.#columns.get(key) ?? [];
      this.#columns.set(key, column);
      column[at] = typeof value === 'string' ? this.#named(key as Facet, value) : value;
    }
    this.#count(row);
  }

  /**
   * The lines that a query finds, in its order.
   * @param holds whether a line's texts hold what is searched; undefined: nothing is searched
   * @param voted numbers of rows on which somebody has voted
   */
  find(
    { only, facets, range, sort }: RowQuery,
    holds?: (line: number) => boolean,
    voted?: ReadonlySet<number>,
  ): number[] {
    const chosen = FACETS.flatMap(facet => (facets[facet] === undefined ? [] : [[facet, facets[facet]] as const]));
    const found: number[] = [];
    for (let line = 0; line < this.length; line++) {
      if (only === 'voted' ? !voted?.has(Number(this.#value('row', line))) : only && this.#kinds[line] !== only)
        continue;
      if (chosen.some(([facet, value]) => this.#value(facet, line) !== value)) continue;
      if (range && !isWithin(this.#value(range.key, line), range)) continue;
      if (holds && !holds(line)) continue;
      found.push(line);
    }
    return sort ? this.#sorted(found, sort) : found;
  }

  /** Those without a value come last either way; equals stay in the order of the file. */
  #sorted(lines: number[], { key, direction }: NonNullable<RowQuery['sort']>): number[] {
    const sign = direction === 'ascending' ? 1 : -1;
    return lines.sort((a, b) => {
      const [x, y] = [this.#value(key, a), this.#value(key, b)];
      if (x === null || y === null) return Number(x === null) - Number(y === null) || a - b;
      return x === y ? a - b : sign * (x < y ? -1 : 1);
    });
  }

  #value(key: RowKey, line: number): Value {
    return this.#columns.get(key)?.[line] ?? null;
  }

  /** The same string for the same name, so that it is held once. */
  #named(facet: Facet, name: string): string {
    const names = this.#facets.get(facet) ?? new Map<string, string>();
    this.#facets.set(facet, names);
    const known = names.get(name);
    if (known === undefined) names.set(name, name);
    return known ?? name;
  }

  #count(row: EvaluatedRow): void {
    if (isLeftOut(row)) return;
    if (isLabelled(row)) {
      const counts = this.#confusion.get(row.label) ?? new Map<string, number>();
      this.#confusion.set(row.label, counts);
      counts.set(row.predicted, (counts.get(row.predicted) ?? 0) + 1);
    } else if (isJudged(row)) {
      const { column, score } = row;
      const counted = this.#judged.get(column) ?? { asked: 0, scored: 0, sum: 0, histogram: Array(10).fill(0) };
      this.#judged.set(column, counted);
      counted.asked++;
      if (score === null) return;
      counted.scored++;
      counted.sum += score;
      const bin = Math.min(9, Math.floor(score / 10));
      counted.histogram[bin] = (counted.histogram[bin] ?? 0) + 1;
    }
  }
}

function kindOf(row: EvaluatedRow): Kind {
  if (isLeftOut(row) || (isJudged(row) && row.score === null)) return 'left out';
  if (!isLabelled(row)) return 'plain';
  return row.label === row.predicted ? 'right' : 'wrong';
}

function valuesOf(row: EvaluatedRow, task: string): Partial<Record<RowKey, Value>> {
  const base = { row: row.row };
  if (isLeftOut(row)) return base;
  if (isLabelled(row)) {
    const { label, predicted } = row;
    return { ...base, label, predicted, confidence: confidenceOf(row, task) };
  }
  if (isResponse(row)) return { ...base, model: row.model, tokens: row.tokens };
  if (isJudged(row)) return { ...base, column: row.column, score: row.score, attempts: row.attempts };
  if (isCompared(row)) return { ...base, perplexity: row.models[0]?.perplexity ?? null, difference: ratioOf(row) };
  if (!isProbed(row)) return base;
  const { column, group, perplexity, scoredTokens } = row;
  return { ...base, column, ...(group !== null && { group }), perplexity, tokens: scoredTokens };
}

/** Perplexity of the first model over that of the last. */
function ratioOf({ models }: Extract<EvaluatedRow, { models: unknown }>): number | null {
  const [first, last] = [models[0]?.perplexity ?? null, models.at(-1)?.perplexity ?? null];
  return first === null || last === null ? null : first / last;
}

function isWithin(value: Value, { from, to, with: ends }: NonNullable<RowQuery['range']>): boolean {
  if (typeof value !== 'number') return false;
  const above = ends === 'to' ? value > from : value >= from;
  return above && (ends === 'from' ? value < to : value <= to);
}
