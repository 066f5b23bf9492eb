import type { MetricsLine } from './folder.ts';

/** Lines of metrics by column, from a line on: NaN where a line does not have a metric. Crosses to panels as it is. */
export interface MetricsPart {
  readonly from: number;
  readonly length: number;
  readonly columns: Readonly<Record<string, Float64Array>>;
}

const SMALLEST_CAPACITY = 256;

/** All lines of a run's metrics, one column a metric: a hundred thousand lines are some megabytes. */
export class MetricsTable {
  readonly #columns = new Map<string, Float64Array>();
  #length = 0;
  #version = 0;

  /** Changes when anything does. */
  get version(): number {
    return this.#version;
  }

  get length(): number {
    return this.#length;
  }

  /** Those that any line has, in the order in which they came. */
  get names(): string[] {
    return [...this.#columns.keys()];
  }

  /** A value a line; empty where no line has this metric. A view that holds until lines are added. */
  column(name: string): Float64Array {
    return this.#columns.has(name) ? this.#room(name).subarray(0, this.#length) : new Float64Array(0);
  }

  /** The value of a line; NaN where it has none. */
  value(name: string, line: number): number {
    return this.#columns.get(name)?.[line] ?? Number.NaN;
  }

  append(lines: readonly MetricsLine[]): void {
    const from = this.#length;
    this.#version++;
    this.#length += lines.length;
    lines.forEach((line, i) => {
      for (const [name, value] of Object.entries(line)) {
        // A trainer writes null for a loss that is no number.
        if (typeof value === 'number') this.#room(name)[from + i] = value;
      }
    });
  }

  /** What a panel that has `from` lines lacks. */
  part(from: number): MetricsPart {
    const columns = Object.fromEntries(this.names.map(name => [name, this.column(name).slice(from)]));
    return { from, length: this.#length - from, columns };
  }

  /** Puts a part after the lines before it; lines that were there after those go. */
  add({ from, length, columns }: MetricsPart): void {
    for (const column of this.#columns.values()) column.fill(Number.NaN, from);
    this.#version++;
    this.#length = from + length;
    for (const [name, values] of Object.entries(columns)) this.#room(name).set(values, from);
  }

  clear(): void {
    this.#version++;
    this.#columns.clear();
    this.#length = 0;
  }

  #room(name: string): Float64Array {
    const present = this.#columns.get(name);
    if (present && present.length >= this.#length) return present;
    const capacity = Math.max(SMALLEST_CAPACITY, 2 ** Math.ceil(Math.log2(this.#length)));
    const larger = new Float64Array(capacity).fill(Number.NaN);
    if (present) larger.set(present);
    this.#columns.set(name, larger);
    return larger;
  }
}
