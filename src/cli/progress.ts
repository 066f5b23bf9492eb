import type { OnProgress, Progress } from '../protocol/engine.ts';

const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5000;

export interface ProgressReporter {
  readonly report: OnProgress;
  /** Takes the line away, where it was one that is written over. */
  end(): void;
}

/** One line that is written over on a terminal; elsewhere a line now and then. Short operations show nothing. */
export function progressReporter(stream: NodeJS.WriteStream): ProgressReporter {
  const interval = stream.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
  let last = performance.now();
  let shown = false;
  return {
    report(progress) {
      if (performance.now() - last < interval) return;
      last = performance.now();
      shown = true;
      stream.write(stream.isTTY ? `\r\x1b[K${progressLine(progress)}` : `${progressLine(progress)}\n`);
    },
    end() {
      if (shown && stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}

export function progressLine({ message, done, total, unit, rate, secondsLeft }: Progress): string {
  const parts = [total === undefined ? quantity(done, unit) : `${amount(done, unit)} of ${quantity(total, unit)}`];
  if (rate !== undefined) parts.push(`${quantity(rate, unit)}/s`);
  if (secondsLeft !== undefined) parts.push(`${duration(secondsLeft)} left`);
  return `${message}: ${parts.join(', ')}`;
}

function amount(value: number, unit: Progress['unit']): string {
  if (unit === 'bytes') return (value / 1e6).toFixed(1);
  // A rate may be low: training takes seconds for a step.
  return value >= 10 || Number.isInteger(value) ? `${Math.round(value)}` : value.toFixed(1);
}

/** Rounded up: 90 s, 12 min, 3.5 h. */
function duration(seconds: number): string {
  if (seconds <= 120) return `${Math.ceil(seconds)} s`;
  return seconds <= 7200 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

const quantity = (value: number, unit: Progress['unit']): string =>
  `${amount(value, unit)} ${unit === 'bytes' ? 'MB' : unit}`;
