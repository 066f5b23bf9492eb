/** How long one run may last: a cancelled request waits for no more, and others get their turn. */
const TARGET_SECONDS = 0.25;
const FIRST_ROWS = 32;
const MOST_ROWS = 512;

/** Learns how many rows a run of a session can hold, from how long the last ones took on this machine. */
export class Pace {
  private rowsPerSecond: number | null = null;

  /** Rows for the next run. */
  get rows(): number {
    if (this.rowsPerSecond === null) return FIRST_ROWS;
    return Math.max(1, Math.min(MOST_ROWS, Math.floor(this.rowsPerSecond * TARGET_SECONDS)));
  }

  async timed<T>(rows: number, run: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await run();
    this.rowsPerSecond = rows / Math.max(1e-4, (performance.now() - start) / 1000);
    return result;
  }
}
