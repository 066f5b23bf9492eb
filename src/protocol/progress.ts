import type { OnProgress, Progress } from './engine.ts';

export interface ProgressMeter {
  /** More is done. */
  add(done: number): void;
}

/** Reports what is done, at which rate, and how long the rest takes at that rate. */
export function progressMeter(
  work: Pick<Progress, 'message' | 'unit'> & { readonly total: number },
  onProgress?: OnProgress,
): ProgressMeter {
  const start = performance.now();
  let done = 0;
  onProgress?.({ ...work, done });
  return {
    add(more) {
      done += more;
      const rate = (1000 * done) / Math.max(1, performance.now() - start);
      onProgress?.({ ...work, done, rate, secondsLeft: (work.total - done) / rate });
    },
  };
}
