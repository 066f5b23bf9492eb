import type { OnProgress } from '../../protocol/engine.ts';

/** Counts bytes and reports them with speed and time left. */
export interface Meter {
  /** What is being done now: "Downloading model.safetensors". */
  say(message: string): void;
  /** Bytes that came; negative where they must come again. */
  add(bytes: number): void;
  /** Bytes that were already there: done, but no measure of speed. */
  skip(bytes: number): void;
}

const REPORT_EVERY_MS = 100;
/** The speed is that of the last seconds: long enough to be steady, short enough to follow a change. */
const WINDOW_MS = 5000;

/** `total` is undefined where nobody tells it. */
export function createMeter(
  total: number | undefined,
  onProgress: OnProgress | undefined,
  now = () => performance.now(),
): Meter {
  let [message, done, received, lastReport] = ['Downloading', 0, 0, Number.NEGATIVE_INFINITY];
  const samples: { readonly time: number; readonly received: number }[] = [{ time: now(), received: 0 }];

  const report = (): void => {
    const time = now();
    const finished = done === total;
    if (!onProgress || (time - lastReport < REPORT_EVERY_MS && !finished)) return;
    lastReport = time;
    samples.push({ time, received });
    while (samples.length > 2 && time - (samples[0]?.time ?? time) > WINDOW_MS) samples.shift();
    const first = samples[0] as (typeof samples)[0];
    const rate = time > first.time ? (1000 * (received - first.received)) / (time - first.time) : 0;
    const known = total === undefined ? {} : { total };
    const left = total === undefined ? {} : { secondsLeft: (total - done) / rate };
    onProgress({ message, done, ...known, unit: 'bytes', ...(rate > 0 && { rate, ...left }) });
  };

  return {
    say(text) {
      message = text;
      lastReport = Number.NEGATIVE_INFINITY;
      report();
    },
    add(bytes) {
      done += bytes;
      received += bytes;
      report();
    },
    skip(bytes) {
      done += bytes;
      report();
    },
  };
}
