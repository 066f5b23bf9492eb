import { setTimeout as delay } from 'node:timers/promises';
import { cancelled, type Reasoned, throwIfAborted } from '../../protocol/result.ts';

export interface RetryPolicy {
  /** Failures in a row, without a byte in between, before it is given up. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  /** A server that asks for a longer wait is not waited for. */
  readonly longestWaitMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 6, firstDelayMs: 1000, longestWaitMs: 5 * 60_000 };

/** A failure that may pass: a cut connection, a busy server. */
export class Transient extends Error {
  /** What is told when it does not pass. */
  readonly reason: Reasoned;
  /** How long the server asks to wait. */
  readonly waitMs: number | undefined;
  /** Whether bytes had come: then the count of failures starts again. */
  readonly progressed: boolean;

  constructor(
    reason: Reasoned,
    { waitMs, progressed = false }: { waitMs?: number | undefined; progressed?: boolean } = {},
  ) {
    super(reason.message);
    this.reason = reason;
    this.waitMs = waitMs;
    this.progressed = progressed;
  }
}

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait, so that nobody watches a bar that stands still without a word. */
  readonly onWait: (waitMs: number, why: Reasoned) => void;
}

/** Runs `attempt` until it succeeds, waiting twice as long after each `Transient` failure. */
export async function withRetries<T>({ policy, signal, onWait }: RetryOptions, attempt: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; ) {
    throwIfAborted(signal);
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      failures = error.progressed ? 1 : failures + 1;
      const waitMs = error.waitMs ?? Math.min(policy.firstDelayMs * 2 ** (failures - 1), policy.longestWaitMs);
      if (failures >= policy.attempts || waitMs > policy.longestWaitMs) throw error.reason;
      onWait(waitMs, error.reason);
      await wait(waitMs, signal);
    }
  }
}

async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal && { signal });
  } catch (error) {
    throw signal?.aborted ? cancelled() : error;
  }
}
