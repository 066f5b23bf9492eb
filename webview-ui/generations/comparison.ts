/** Where two texts differ, token by token. */
export interface Comparison {
  /** Indices of the first text's tokens that the second lacks, and the other way round. */
  readonly onlyFirst: ReadonlySet<number>;
  readonly onlySecond: ReadonlySet<number>;
  /** How many tokens both begin with. */
  readonly sameStart: number;
  /** How many tokens they share in the same order. */
  readonly alike: number;
}

/** By the longest common subsequence of the tokens' texts. */
export function compared(first: readonly string[], second: readonly string[]): Comparison {
  let sameStart = 0;
  while (sameStart < Math.min(first.length, second.length) && first[sameStart] === second[sameStart]) sameStart++;
  const [a, b] = [first.slice(sameStart), second.slice(sameStart)];
  const lengths = commonLengths(a, b);
  const onlyFirst = new Set<number>();
  const onlySecond = new Set<number>();
  let [i, j, alike] = [0, 0, sameStart];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      alike++;
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      onlyFirst.add(sameStart + i++);
    } else onlySecond.add(sameStart + j++);
  }
  return { onlyFirst, onlySecond, sameStart, alike };
}

interface Lengths {
  readonly values: Uint32Array;
  readonly width: number;
}

const at = ({ values, width }: Lengths, i: number, j: number): number => values[i * width + j] ?? 0;

/** [A + 1, B + 1]: how long the longest common subsequence is of what follows i in the one and j in the other. */
function commonLengths(a: readonly string[], b: readonly string[]): Lengths {
  const width = b.length + 1;
  const lengths = { values: new Uint32Array((a.length + 1) * width), width };
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const same = a[i] === b[j];
      lengths.values[i * width + j] = same
        ? at(lengths, i + 1, j + 1) + 1
        : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}
