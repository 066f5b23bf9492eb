import type { Reason } from '../result.ts';

/** Something wrong with a request: which field, what it holds, and what can be done. */
export interface RunProblem {
  /** Such as `training.learningRate`. */
  readonly path: string;
  readonly value: unknown;
  readonly reason: Reason;
}

/** A problem before it is put into a sentence that names the field and its value. */
export interface Found extends Omit<RunProblem, 'reason'> {
  readonly kind: string;
  readonly what: string;
  readonly remedy: string;
}

export const found = (path: string, value: unknown, what: string, remedy: string, kind = 'contradictory'): Found => ({
  path,
  value,
  what,
  remedy,
  kind,
});

/** How much of a value a sentence can hold. */
const LONGEST = 80;

/** `training.epochs is 0. It must be a whole number from 1.` */
export const told = (problem: Found): RunProblem => toldOf('run', problem);

/** The same of another request, with whose name the code begins: `evaluation-invalid`. */
export function toldOf(request: string, { path, value, what, remedy, kind }: Found): RunProblem {
  const written = value === undefined ? `${path} is missing.` : `${path} is ${shown(value)}.`;
  const message = what === '' ? written : `${written} ${what}`;
  return { path, value, reason: { code: `${request}-${kind}`, message, remedy } };
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length <= LONGEST ? json : `${json.slice(0, LONGEST)}…`;
}
