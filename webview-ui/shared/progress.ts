import type { Progress } from '../../src/protocol/engine.ts';
import { bytes, count, duration } from './format.ts';

/** `3,200 of 10,000 tokens · 1,150 tokens/s · 6 s left`, as far as it is known. */
export function progressText({ done, total, unit, rate, secondsLeft }: Progress): string {
  const amount = (value: number): string => (unit === 'bytes' ? bytes(value) : count(value));
  const noun = unit === 'bytes' ? '' : `\u00a0${unit}`;
  return [
    total === undefined ? `${amount(done)}${noun}` : `${amount(done)} of ${amount(total)}${noun}`,
    rate === undefined ? '' : `${amount(rate)}${noun}/s`,
    secondsLeft === undefined ? '' : `${duration(secondsLeft)} left`,
  ]
    .filter(part => part !== '')
    .join(' · ');
}
