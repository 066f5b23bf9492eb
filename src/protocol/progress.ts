import type { OnProgress, Progress } from './engine.ts';

export interface ProgressMeter {
  /** More is done. */
  add(done: number): void;
  /** Nothing to count yet, but the work goes on: whoever watches a deadline is told. */
  alive(): void;
}

/** Reports what is done, at which rate, and how long the rest takes at that rate. */
export function progressMeter(
  work: Pick<Progress, 'message' | 'unit'> & { readonly total: number },
  onProgress?: OnProgress,
): ProgressMeter {
  const start = performance.now();
  let done = 0;
  const report = (): void => {
    const rate = (1000 * done) / Math.max(1, performance.now() - start);
    onProgress?.({ ...work, done, ...(done > 0 && { rate, secondsLeft: (work.total - done) / rate }) });
  };
  report();
  return {
    add(more) {
      done += more;
      report();
    },
    alive: report,
  };
}
