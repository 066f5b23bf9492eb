import { parse, tokenize } from '@huggingface/jinja';

export type TemplateToken = ReturnType<typeof tokenize>[number];

// The library says what is wrong with a template and not where, so places are found beside it.

/** As `Line 3, column 7`, from 1; `offset` is in UTF-16 units. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Where each token stands, in UTF-16 units; text between tags takes the place of the tag before it. */
export function tokenOffsets(text: string, tokens: readonly TemplateToken[]): number[] {
  const source = text.replaceAll(/\{%-?\s*(?:end)?generation\s*-?%\}/g, tag => ' '.repeat(tag.length)); // as tokenize leaves them out
  let at = 0;
  return tokens.map(({ type, value }) => {
    if (type === 'Text') return at;
    const start =
      type === 'StringLiteral' ? source.slice(at).search(/['"]/) + at : source.indexOf(literal(type, value), at);
    at = type === 'StringLiteral' ? endOfString(source, start) : start + literalLength(type, value);
    return start;
  });
}

const literal = (type: string, value: string): string => (type === 'Comment' ? '{#' : value);
const literalLength = (type: string, value: string): number => value.length + (type === 'Comment' ? 4 : 0);

function endOfString(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source[at] !== source[start]) at += source[at] === '\\' ? 2 : 1;
  return at + 1;
}

const NEVER_CLOSED: readonly string[] = ['Unexpected end of input', 'Missing end of comment tag'];

/** What `tokenize` says of the text, and where: at the character, or at the tag that is never closed. */
export function lexicalError(text: string, message: string): { readonly offset: number; readonly said: string } {
  const openers = [...text.matchAll(/\{[{%#]/g)].map(({ index }) => index);
  const tag = openers.findLast(offset => failure(() => tokenize(text.slice(0, offset))) === undefined) ?? 0;
  if (NEVER_CLOSED.includes(message)) return { offset: tag, said: 'this tag is never closed' };
  const fails = (end: number): boolean => failure(() => tokenize(text.slice(0, end))) === message;
  for (let end = tag + 2; end < text.length; end++) {
    // An operator of two characters that is cut in the middle fails too, and no longer does with one character more.
    if (fails(end) && fails(end + 1)) return { offset: end - 1, said: message };
  }
  return { offset: tag, said: message };
}

/** Index of the token at which `parse` gives up: the last of the fewest tokens that fail in the same way. */
export function refusedToken(tokens: readonly TemplateToken[], message: string): number {
  let [enough, tooFew] = [tokens.length, 0];
  while (enough - tooFew > 1) {
    const middle = (enough + tooFew) >> 1;
    if (failure(() => parse(tokens.slice(0, middle))) === message) enough = middle;
    else tooFew = middle;
  }
  return enough - 1;
}

const BLOCKS = ['if', 'for', 'macro', 'call', 'filter'];

/** Index of the innermost block's first token, where a block is open at the end. */
export function unclosedBlock(tokens: readonly TemplateToken[]): number | undefined {
  const open: number[] = [];
  for (const [index, { type }] of tokens.entries()) {
    const name = tokens[index + 1]?.value ?? '';
    if (type !== 'OpenStatement') continue;
    if (BLOCKS.includes(name)) open.push(index);
    else if (BLOCKS.includes(name.replace(/^end/, ''))) open.pop();
  }
  return open.at(-1);
}

function failure(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
