/** A run that lasts longer makes a cancelled request, and everybody else, wait too long. */
const LONGEST_SECONDS = 0.6;
/** One that is over sooner may hold more rows: reading the weights takes the same time for one row as for many. */
const SHORTEST_SECONDS = 0.25;
const FIRST_ROWS = 32;

/**
 * How many rows a run of a session may hold, learnt from how long the last one took on this machine. More than `most`
 * rows would not be faster, and need more memory at once.
 */
export class Pace {
  private readonly most: number;
  private now: number;

  constructor(most: number) {
    this.most = most;
    this.now = Math.min(FIRST_ROWS, most);
  }

  /** Rows for the next run. */
  get rows(): number {
    return this.now;
  }

  async timed<T>(rows: number, run: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await run();
    const seconds = (performance.now() - start) / 1000;
    if (seconds > LONGEST_SECONDS) this.now = Math.max(1, Math.floor(Math.min(rows, this.now) / 2));
    else if (seconds < SHORTEST_SECONDS && rows >= this.now) this.now = Math.min(this.most, 2 * this.now);
    return result;
  }
}
