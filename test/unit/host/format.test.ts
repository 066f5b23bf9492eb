import { expect, test } from 'vitest';
import { bytes, count, duration, ordinal, percent } from '../../../src/host/format.ts';

test.each([
  [0.0219, '2.19 %'],
  [0.99999, '100.0 %'],
  [0.27, '27.0 %'],
  [0.002, '0.20 %'],
  [3.1e-5, '0.0031 %'],
  [3.4e-6, '0.0003 %'],
  [4.1e-9, '<0.0001 %'],
  [0, '0 %'],
])('probability %d', (probability, text) => expect(percent(probability)).toBe(text));

test.each([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [11, '11th'],
  [1021, '1,021st'],
])('rank %d', (rank, text) => expect(ordinal(rank)).toBe(text));

test.each([
  [999, '999 B'],
  [548_105_171, '548 MB'],
  [1_520_000_000, '1.52 GB'],
])('%d bytes', (value, text) => expect(bytes(value)).toBe(text));

test.each([
  [124_439_808, '124 M'],
  [1_557_611_200, '1.56 B'],
  [12, '12'],
])('%d parameters', (value, text) => expect(count(value)).toBe(text));

test.each([
  [0.2, '1 s'],
  [99, '99 s'],
  [150, '3 min'],
  [5400, '90 min'],
  [9000, '2.5 h'],
])('%d seconds', (value, text) => expect(duration(value)).toBe(text));
