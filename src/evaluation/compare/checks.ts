import type { RuleCheck } from '../../protocol/evaluation/request.ts';
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
  const pattern = patternOf(check.regex);
  return { name: `matches ${check.regex}`, passes: text => pattern.test(text) };
}

function patternOf(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    throw new Reasoned(
      'check-invalid',
      `The check’s regular expression ${JSON.stringify(source)} is none: ${(error as Error).message}.`,
      'Correct it, or use startsWith or contains.',
    );
  }
}
