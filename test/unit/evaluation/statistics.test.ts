import { afterAll, describe, expect, test } from 'vitest';
import { calibration } from '../../../src/evaluation/statistics/calibration.ts';
import { meanOf } from '../../../src/evaluation/statistics/mean.ts';
import { share } from '../../../src/protocol/evaluation/share.ts';
import { signTest } from '../../../src/evaluation/statistics/signTest.ts';
import expected from './fixtures/statistics.json' with { type: 'json' };

// scipy, statsmodels and scikit-learn: fixtures/statistics.json, by generate/.

/** Relative: what jstat's quantiles leave. */
const CLOSE = 1e-7;

let largest = 0;
afterAll(() => console.log(`Largest relative difference of a statistic: ${largest.toExponential(1)}`));

function expectClose(actual: number, wanted: number): void {
  const difference = Math.abs(actual - wanted) / Math.max(Math.abs(wanted), 1e-300);
  const absolute = Math.abs(actual - wanted);
  expect(Math.min(difference, absolute < 1e-12 ? 0 : difference)).toBeLessThan(CLOSE);
  if (absolute >= 1e-12) largest = Math.max(largest, difference);
}

test.each(expected.shares)('Wilson: $successes of $trials', ({ successes, trials, low, high }) => {
  const found = share(successes, trials);
  expect(found).toMatchObject({ value: successes / trials, count: trials });
  expectClose(found.low, low);
  expectClose(found.high, high);
});

test.each(expected.means)('Student: mean $value', ({ values, value, low, high }) => {
  const found = meanOf(values);
  expect(found?.count).toBe(values.length);
  expectClose(found?.value ?? Number.NaN, value);
  expectClose(found?.low ?? Number.NaN, low);
  expectClose(found?.high ?? Number.NaN, high);
});

test('a mean of one value is that value, and of none there is none', () => {
  expect(meanOf([3])).toEqual({ value: 3, low: 3, high: 3, count: 1 });
  expect(meanOf([])).toBeNull();
});

test.each(expected.signTests)('sign test, exact: $first to $second', ({ first, second, pValue }) => {
  expectClose(signTest(first, second), pValue);
  expect(signTest(second, first)).toBe(signTest(first, second));
});

describe('calibration', () => {
  const { confidences, right, bins, error } = expected.calibration;

  test('has the bins of scikit-learn, and the error that follows', () => {
    const calibrated = calibration();
    for (const [at, confidence] of confidences.entries()) calibrated.add(confidence, right[at] as boolean);
    const found = calibrated.bins();
    expect(found.map(({ rows }) => rows)).toEqual(bins.map(({ rows }) => rows));
    for (const [at, { confidence, accuracy }] of bins.entries()) {
      expectClose(found[at]?.confidence ?? Number.NaN, confidence);
      expectClose(found[at]?.accuracy ?? Number.NaN, accuracy);
    }
    expectClose(calibrated.error(), error);
  });

  test('of nothing is nothing', () => {
    expect([calibration().bins(), calibration().error()]).toEqual([[], 0]);
  });
});
