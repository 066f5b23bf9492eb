/** How long one run may last: a cancelled request waits for no more, and others get their turn. */
const TARGET_SECONDS = 0.25;
const FIRST_ROWS = 32;

/**
 * Learns how many rows a run of a session can hold, from how long the last ones took on this machine. More than `most`
 * rows would not be faster, and need more memory at once.
 */
export class Pace {
  private readonly most: number;
  private rowsPerSecond: number | null = null;

  constructor(most: number) {
    this.most = most;
  }

  /** Rows for the next run. */
  get rows(): number {
    if (this.rowsPerSecond === null) return Math.min(FIRST_ROWS, this.most);
    return Math.max(1, Math.min(this.most, Math.floor(this.rowsPerSecond * TARGET_SECONDS)));
  }

  async timed<T>(rows: number, run: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await run();
    const seconds = Math.max(1e-4, (performance.now() - start) / 1000);
    // A few rows take nearly as long as many: reading the weights is what lasts.
    if (rows >= Math.min(FIRST_ROWS, this.most) || seconds > TARGET_SECONDS) this.rowsPerSecond = rows / seconds;
    return result;
  }
}
