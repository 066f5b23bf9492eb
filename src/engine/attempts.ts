import { systemCode } from '../models/files.ts';
import { ok, Reasoned, reasonOf, type Result } from '../protocol/result.ts';

/** Does work of which a failure is an answer too. */
export type Attempt = <T>(work: () => Promise<T>) => Promise<Result<T>>;

/** What fails is told in the log as well. */
export const attempts =
  (log: (line: string) => void): Attempt =>
  async work => {
    try {
      return ok(await work());
    } catch (error) {
      const detail = detailOf(error);
      if (detail !== undefined) log(detail);
      return { ok: false, error: reasonOf(error) };
    }
  };

/**
 * What the log can tell beyond the reason, which whoever asked is told: where it came from, or what caused it. What the
 * system refused is all in the reason, and so is a cause that its message repeats.
 */
function detailOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof Reasoned)) return error.stack ?? error.message;
  const { cause } = error;
  if (!(cause instanceof Error) || systemCode(cause) !== undefined) return undefined;
  return error.message.includes(cause.message) ? undefined : `${error.code}: ${cause.message}`;
}
