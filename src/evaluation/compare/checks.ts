import type { RuleCheck } from '../../protocol/evaluation/request.ts';
import { patternOf, patternProblem } from '../../protocol/pattern.ts';
import { Reasoned } from '../../protocol/result.ts';

/** A rule with the name that it is shown by. */
export interface Check {
  readonly name: string;
  passes(text: string): boolean;
}

/** Leading spaces do not count for `startsWith`. Throws `check-invalid`. */
export function compiledCheck(check: RuleCheck): Check {
  if ('startsWith' in check) {
    const { startsWith } = check;
    return {
      name: `starts with ${JSON.stringify(startsWith)}`,
      passes: text => text.trimStart().startsWith(startsWith),
    };
  }
  if ('contains' in check) {
    const { contains } = check;
    return { name: `contains ${JSON.stringify(contains)}`, passes: text => text.includes(contains) };
  }
  const problem = patternProblem(check.regex);
  if (problem !== undefined) throw invalid(check.regex, problem);
  const pattern = patternOf(check.regex);
  return { name: `matches ${check.regex}`, passes: text => pattern.test(text) };
}

const invalid = (regex: string, problem: string): Reasoned =>
  new Reasoned(
    'check-invalid',
    `The check’s regular expression ${JSON.stringify(regex)} is none: ${problem}.`,
    'Correct it, or use startsWith or contains.',
  );
