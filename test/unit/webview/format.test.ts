import { expect, test } from 'vitest';
import {
  bits,
  bitsPerByte,
  bytes,
  counted,
  duration,
  oneIn,
  percent,
  perplexity,
  signedBits,
} from '../../../webview-ui/shared/format.ts';
import { progressText } from '../../../webview-ui/shared/progress.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

test.each([
  [1, '100.0 %'],
  [0.2341, '23.4 %'],
  [0.0219, '2.19 %'],
  [0.0021, '0.21 %'],
  [0.005, '0.50 %'],
  [0.0000212, '0.0021 %'],
  [0.0000034, '0.0003 %'],
  [0.0000002, '<0.0001 %'],
  [0, '0 %'],
  [null, '–'],
])('a probability of %s is %s', (value, text) => expect(plain(percent(value))).toBe(text));

test.each([
  [1, '1.00'],
  [7.416, '7.42'],
  [278.88, '278.9'],
  [12345.6, '12,346'],
  [3.1e11, '3.1e+11'],
  [null, '–'],
])('a perplexity of %s is %s', (value, text) => expect(perplexity(value)).toBe(text));

test.each([
  [1.26, '+1.3'],
  [-0.44, '−0.4'],
  [-0.04, '0.0'],
  [null, '–'],
])('a difference of %s bits is %s', (value, text) => expect(signedBits(value)).toBe(text));

test.each([
  [0.0021, '1 in 476'],
  [1 / 10568, '1 in 10,568'],
  [0, '1 in ∞'],
])('%s is %s', (value, text) => expect(plain(oneIn(value))).toBe(text));

test.each([
  [0.2, '1 s'],
  [59.4, '59 s'],
  [61, '1 min'],
  [80 * 60, '1 h 20 min'],
])('%s seconds are %s', (value, text) => expect(plain(duration(value))).toBe(text));

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [548_105_171, '548.1 MB'],
])('%s bytes are %s', (value, text) => expect(plain(bytes(value))).toBe(text));

test('figures without a number show a dash', () => expect([bits(null), bitsPerByte(null)]).toEqual(['–', '–']));

test('one is singular', () => expect([1, 2].map(n => plain(counted(n, 'token')))).toEqual(['1 token', '2 tokens']));

test.each([
  [{ done: 3, unit: 'files' }, '3 files'],
  [
    { done: 3200, total: 10000, unit: 'tokens', rate: 1150, secondsLeft: 6 },
    '3,200 of 10,000 tokens · 1,150 tokens/s · 6 s left',
  ],
  [{ done: 5e6, total: 1e9, unit: 'bytes', rate: 2e6 }, '5.0 MB of 1.0 GB · 2.0 MB/s'],
] as const)('progress %j is %s', (progress, text) =>
  expect(plain(progressText({ message: '', ...progress }))).toBe(text),
);
