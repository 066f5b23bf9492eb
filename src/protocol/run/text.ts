import { findNodeAtLocation, parse, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Reason, Reasoned } from '../result.ts';
import { problemsOf } from './check.ts';
import type { RunRequest } from './spec.ts';

/** As the editor reads settings: comments and a comma after the last item are no mistakes. */
const TOLERANT = { allowTrailingComma: true, disallowComments: false };

/** A problem with a run.json as it is written, with its place in UTF-16 offsets. */
export interface TextProblem {
  readonly reason: Reason;
  readonly start: number;
  readonly end: number;
}

/** What is wrong with the text of a run.json; empty where it can be started as far as it can be told from the text. */
export function problemsOfText(text: string): TextProblem[] {
  const errors: ParseError[] = [];
  const request: unknown = parse(text, errors, TOLERANT);
  const [error] = errors;
  if (error)
    return [{ reason: notJson(text, error), start: error.offset, end: error.offset + Math.max(1, error.length) }];
  const tree = parseTree(text, [], TOLERANT);
  return problemsOf(request).map(({ path, reason }) => {
    // A field that is missing is told at the section that should hold it.
    const names = path.split('.');
    const node = tree && findNearest(names, at => findNodeAtLocation(tree, [...at]));
    const whole = node?.parent?.type === 'property' ? (node.parent.children?.[0] ?? node) : node;
    const { offset = 0, length = 1 } = whole ?? {};
    return { reason, start: offset, end: offset + length };
  });
}

/** @throws Reasoned the first of what is wrong with it, naming the file. */
export function requestOfText(text: string, file: string): RunRequest {
  const [problem, ...others] = problemsOfText(text);
  if (!problem) {
    const { $schema: _, ...request } = parse(text, [], TOLERANT) as RunRequest & { $schema?: string };
    return request;
  }
  const { code, message, remedy } = problem.reason;
  const more = others.length > 0 ? ` (${others.length} more)` : '';
  throw new Reasoned(code, `${file}: ${message}`, `${remedy}${more}`);
}

function findNearest<T>(names: readonly string[], find: (names: readonly string[]) => T | undefined): T | undefined {
  for (let length = names.length; length >= 0; length--) {
    const found = find(names.slice(0, length));
    if (found) return found;
  }
  return undefined;
}

function notJson(text: string, { error, offset }: ParseError): Reason {
  const line = text.slice(0, offset).split('\n').length;
  const words = printParseErrorCode(error)
    .replaceAll(/([A-Z])/g, letter => ` ${letter.toLowerCase()}`)
    .trim();
  return {
    code: 'run-not-json',
    message: `It is not JSON: ${words} in line ${line}.`,
    remedy: 'Correct it there. Comments are allowed.',
  };
}
