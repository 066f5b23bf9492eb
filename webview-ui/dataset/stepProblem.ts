import type { Reason } from '../../src/protocol/result.ts';

/** A reason that is about one of the steps, as its field's name in run.json tells: where it stands, and what is wrong. */
export function stepProblem(reason: Reason | null): { readonly at: number; readonly message: string } | null {
  const named = /^dataset\.steps\[(\d+)\](?::|, [^,]*,)? ?(.*)$/s.exec(reason?.message ?? '');
  if (!named || !reason) return null;
  const said = named[2] ?? '';
  return { at: Number(named[1]), message: `${said.charAt(0).toUpperCase()}${said.slice(1)} ${reason.remedy}` };
}
