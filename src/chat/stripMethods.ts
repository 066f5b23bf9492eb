import type { parse } from '@huggingface/jinja';

// The library's strip, lstrip and rstrip take no argument: they strip white space, whatever they were given.
// Templates of reasoning models write `.strip('\n')`, so those calls go to these functions instead.

type Strip = (text: unknown, characters: unknown) => string;

const stripFrom =
  (name: string, sides: { readonly start: boolean; readonly end: boolean }): Strip =>
  (text, characters) => {
    if (typeof text !== 'string' || typeof characters !== 'string') throw new Error(`${name}() is for texts`);
    const set = new Set(characters);
    const all = [...text];
    const first = sides.start ? all.findIndex(character => !set.has(character)) : 0;
    const last = sides.end ? all.findLastIndex(character => !set.has(character)) : all.length - 1;
    return first === -1 ? '' : all.slice(first, last + 1).join('');
  };

const METHODS: Readonly<Record<string, Strip>> = {
  strip: stripFrom('strip', { start: true, end: true }),
  lstrip: stripFrom('lstrip', { start: true, end: false }),
  rstrip: stripFrom('rstrip', { start: false, end: true }),
};

const functionName = (method: string): string => `lm_lab_${method}`;

/** The functions under the names that `withStripFunctions` calls. */
export const stripFunctions: Readonly<Record<string, Strip>> = Object.fromEntries(
  Object.entries(METHODS).map(([method, strip]) => [functionName(method), strip]),
);

/** Turns every `x.strip(characters)` of the program into a call of a function with both. Changes and gives the program. */
export function withStripFunctions(program: ReturnType<typeof parse>): ReturnType<typeof parse> {
  visit(program);
  return program;
}

interface Call {
  callee: { type: string; object?: unknown; property?: { type: string; value: string }; value?: string };
  args: unknown[];
}

function visit(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if ((node as { type?: string }).type === 'CallExpression') rewrite(node as Call);
  for (const child of Object.values(node)) visit(child);
}

function rewrite(call: Call): void {
  const { type, object, property } = call.callee;
  if (type !== 'MemberExpression' || property?.type !== 'Identifier' || call.args.length === 0) return;
  if (!Object.hasOwn(METHODS, property.value)) return;
  call.args = [object, ...call.args];
  call.callee = { type: 'Identifier', value: functionName(property.value) };
}
