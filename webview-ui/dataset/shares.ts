import type { Part, SharesSpec } from '../../src/protocol/run/spec.ts';

/** So that 1 - 0.7 - 0.1 is 0.2, and nothing is -0. */
const rounded = (share: number): number => Number(share.toFixed(9)) + 0;

/**
 * The shares after one of them is another one; they still add up to 1: what validation or test take or leave is
 * train's, and train's change is test's, then validation's. A share that the others leave no room for is cut.
 */
export function withShare(shares: Pick<SharesSpec, Part>, part: Part, wanted: number): Readonly<Record<Part, number>> {
  const { validation, test } = shares;
  const share = Math.min(1, Math.max(0, wanted));
  switch (part) {
    case 'train': {
      const left = rounded(1 - share);
      const kept = Math.min(validation, left);
      return { train: rounded(share), validation: kept, test: rounded(left - kept) };
    }
    case 'validation': {
      const cut = Math.min(share, rounded(1 - test));
      return { train: rounded(1 - cut - test), validation: rounded(cut), test };
    }
    case 'test': {
      const cut = Math.min(share, rounded(1 - validation));
      return { train: rounded(1 - validation - cut), validation, test: rounded(cut) };
    }
  }
}
