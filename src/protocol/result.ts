/** Why something could not be done, in words a person can act on. */
export interface Reason {
  /** Stable and machine-readable, in kebab-case: `tensor-misshapen`. */
  readonly code: string;
  /** What happened, with the offending value. */
  readonly message: string;
  /** What the user can do about it. */
  readonly remedy: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Reason };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const err = (code: string, message: string, remedy: string): Result<never> => ({
  ok: false,
  error: { code, message, remedy },
});

/** A reason, thrown inside a process. At a border it becomes the `error` of a `Result`. */
export class Reasoned extends Error implements Reason {
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Reasoned';
    this.code = code;
    this.remedy = remedy;
  }

  static from({ code, message, remedy }: Reason): Reasoned {
    return new Reasoned(code, message, remedy);
  }
}

/** The value of a result; its error is thrown as a `Reasoned`. */
export async function valueOf<T>(result: Promise<Result<T>>): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw Reasoned.from(settled.error);
  return settled.value;
}

export const CANCELLED = 'cancelled';

/** The one way to stop early: thrown wherever an AbortSignal is found aborted. */
export const cancelled = (): Reasoned =>
  new Reasoned(CANCELLED, 'The operation was cancelled.', 'Start it again when you want its result.');

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

/** Any thrown value as a reason; what nobody foresaw is told as such and points to the log. */
export function reasonOf(error: unknown): Reason {
  if (error instanceof Reasoned) return { code: error.code, message: error.message, remedy: error.remedy };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'unexpected',
    message: `Something unforeseen failed: ${message}`,
    remedy: 'Run “LM Lab: Show Log” for the details, then try again.',
  };
}
