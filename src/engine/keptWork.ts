import type { Call } from '../protocol/engine.ts';
import { SharedWork } from './sharedWork.ts';

/** Keeps the results of long work that were asked for last; who asks for one that is being made waits with the others. */
export class KeptWork<T> {
  /** Least recently used first. */
  private readonly kept = new Map<string, SharedWork<T>>();
  private readonly most: number;
  private readonly dropped: (value: T) => void;

  /** `dropped` is told of each result that is kept no more: it made room for another, or all were cleared. */
  constructor(most: number, dropped: (value: T) => void = () => undefined) {
    this.most = most;
    this.dropped = dropped;
  }

  of(key: string, call: Call, work: (call: Call) => Promise<T>): Promise<T> {
    const known = this.kept.get(key);
    const shared = known && !known.abandoned ? known : new SharedWork(work);
    this.kept.delete(key);
    this.kept.set(key, shared);
    shared.result.catch(() => {
      if (this.kept.get(key) === shared) this.kept.delete(key); // the next who asks tries again
    });
    for (const [oldest, value] of [...this.kept].slice(0, -this.most)) {
      this.kept.delete(oldest);
      value.result.then(this.dropped, () => undefined);
    }
    return shared.wait(call);
  }

  clear(): void {
    for (const value of this.kept.values()) value.result.then(this.dropped, () => undefined);
    this.kept.clear();
  }
}
