import type { OnProgress, Progress } from './engine.ts';

export interface ProgressMeter {
  /** More is done. */
  add(done: number): void;
  /** Nothing to count yet, but the work goes on: whoever watches a deadline is told. */
  alive(): void;
}

/** Reports what is done, at which rate, and how long the rest takes at that rate. `before`: what was done already. */
export function progressMeter(
  { before = 0, ...work }: Pick<Progress, 'message' | 'unit'> & { readonly total: number; readonly before?: number },
  onProgress?: OnProgress,
): ProgressMeter {
  const start = performance.now();
  let done = before;
  const report = (): void => {
    const rate = (1000 * (done - before)) / Math.max(1, performance.now() - start);
    onProgress?.({ ...work, done, ...(done > before && { rate, secondsLeft: (work.total - done) / rate }) });
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
