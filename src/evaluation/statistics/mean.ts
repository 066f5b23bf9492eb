import type { Estimate } from '../../protocol/evaluation/folder.ts';
import { studentQuantile } from './distributions.ts';

/** Sums values as they come, so that no list of them is needed (Welford 1962). */
export interface Mean {
  add(value: number): void;
  /** The mean with Student's interval around it; of one value the interval is the value itself. Null: there is none. */
  estimate(): Estimate | null;
}

export function mean(): Mean {
  let [count, value, squares] = [0, 0, 0];
  return {
    add(next) {
      count += 1;
      const before = next - value;
      value += before / count;
      squares += before * (next - value);
    },
    estimate() {
      if (count === 0) return null;
      const half = count === 1 ? 0 : studentQuantile(count - 1) * Math.sqrt(squares / (count - 1) / count);
      return { value, low: value - half, high: value + half, count };
    },
  };
}

/** Of `mean`, of values that are at hand. */
export function meanOf(values: Iterable<number>): Estimate | null {
  const sums = mean();
  for (const value of values) sums.add(value);
  return sums.estimate();
}
