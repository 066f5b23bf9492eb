/** A regular expression as rewards and checks read it, with Unicode's rules. @throws SyntaxError */
export const patternOf = (regex: string): RegExp => new RegExp(regex, 'u');

/** Why it is no regular expression; undefined where it is one. */
export function patternProblem(regex: string): string | undefined {
  try {
    patternOf(regex);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
