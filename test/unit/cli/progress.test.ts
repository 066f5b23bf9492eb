import { expect, it } from 'vitest';
import { progressLine } from '../../../src/cli/progress.ts';
import type { Progress } from '../../../src/protocol/engine.ts';

it.each<[Progress, string]>([
  [{ message: 'Scoring', done: 12, unit: 'tokens' }, 'Scoring: 12 tokens'],
  [
    { message: 'Scoring', done: 478, total: 511, unit: 'tokens', rate: 99.6, secondsLeft: 0.3 },
    'Scoring: 478 of 511 tokens, 100 tokens/s, 1 s left',
  ],
  [
    { message: 'Downloading model.safetensors', done: 5_250_000, total: 548_000_000, unit: 'bytes', rate: 1_500_000 },
    'Downloading model.safetensors: 5.3 of 548.0 MB, 1.5 MB/s',
  ],
  [
    { message: 'Training, loss 1.2345', done: 12, total: 200, unit: 'steps', rate: 0.31, secondsLeft: 606 },
    'Training, loss 1.2345: 12 of 200 steps, 0.3 steps/s, 11 min left',
  ],
  [
    { message: 'Training', done: 12, total: 20_000, unit: 'steps', rate: 0.5, secondsLeft: 39_976 },
    'Training: 12 of 20000 steps, 0.5 steps/s, 11.1 h left',
  ],
])('%j', (progress, line) => expect(progressLine(progress)).toBe(line));
