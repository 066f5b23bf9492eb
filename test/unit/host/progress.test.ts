import { expect, test, vi } from 'vitest';
import { progressText, shortProgressText } from '../../../src/host/progress.ts';
import { alternativesFor } from '../../../src/host/scoring/scores.ts';

vi.mock('vscode', () => ({}));

const download = { message: 'Downloading model.safetensors', unit: 'bytes', done: 120e6, total: 548e6 } as const;

test.each([
  [{ message: 'Asking the hub for lab/tiny', unit: 'bytes', done: 0 }, 'Asking the hub for lab/tiny'],
  [download, 'Downloading model.safetensors · 120 MB of 548 MB'],
  [
    { ...download, rate: 11e6, secondsLeft: 39 },
    'Downloading model.safetensors · 120 MB of 548 MB · 11 MB/s · 39 s left',
  ],
  [
    { message: 'Scoring a.txt', unit: 'tokens', done: 1151, total: 228_324, rate: 438, secondsLeft: 518 },
    'Scoring a.txt · 1,151 of 228,324 tokens · 438 tokens/s · 9 min left',
  ],
] as const)('progress is told as far as it is known: %o', (progress, text) => {
  expect(progressText(progress)).toBe(text);
});

test('in little room: the share and the time left, else what is being done', () => {
  expect(shortProgressText({ ...download, secondsLeft: 39 })).toBe('21 % · 39 s left');
  expect(shortProgressText({ message: 'Asking the hub', unit: 'bytes', done: 0 })).toBe('Asking the hub');
});

test.each([
  [100, 10, 10],
  [5000, 10, 10],
  [5001, 10, 3],
  [5001, 2, 2],
  [50_001, 10, 0],
])('%d tokens of text, %d alternatives wanted: %d kept', (tokens, wanted, kept) => {
  const half = 'a '.repeat(tokens);
  expect(alternativesFor([half, half], wanted)).toBe(kept);
});
