import { parse, Template, tokenize } from '@huggingface/jinja';
import { Reasoned } from '../protocol/result.ts';
import { stripFunctions, withStripFunctions } from './stripMethods.ts';
import {
  lexicalError,
  lineAndColumn,
  refusedToken,
  type TemplateToken,
  tokenOffsets,
  unclosedBlock,
} from './templatePosition.ts';

/** Renders with these variables. Throws `template-refuses` (its own raise_exception) and `template-failed`. */
export type CompiledTemplate = (variables: Readonly<Record<string, unknown>>) => string;

/**
 * Jinja as chat templates use it: blocks are trimmed as transformers does (trim_blocks, lstrip_blocks).
 * Throws `template-syntax` with line and column.
 */
export function compileTemplate(text: string): CompiledTemplate {
  const source = text.replaceAll(/\r\n?/g, '\n'); // as Jinja itself reads it
  const tokens = lexed(source);
  const offsets = tokenOffsets(source, tokens);
  checkSyntax(source, tokens, offsets);
  const template = new Template('');
  template.parsed = withStripFunctions(parse(tracked(tokens, offsets)));
  return variables => rendered(template, source, variables);
}

function lexed(source: string): TemplateToken[] {
  try {
    return tokenize(source, { lstrip_blocks: true, trim_blocks: true });
  } catch (cause) {
    const { offset, said } = lexicalError(source, (cause as Error).message);
    throw syntaxError(source, offset, said, cause);
  }
}

function checkSyntax(source: string, tokens: TemplateToken[], offsets: readonly number[]): void {
  try {
    parse(tokens);
  } catch (cause) {
    const { message } = cause as Error;
    const endReached = cause instanceof TypeError; // the parser reads on where there is nothing left
    const block = endReached ? unclosedBlock(tokens) : undefined;
    const token = block ?? (endReached ? tokens.length - 1 : refusedToken(tokens, message));
    const said = endReached ? `this ${tokens[token + 1]?.value ?? 'block'} is never closed` : message;
    throw syntaxError(source, offsets[token] ?? 0, said, cause);
  }
}

const MARK_PLACE = 'lm_lab_mark_place';
const RAISE = 'lm_lab_raise';
const RANGE = 'lm_lab_range';

/** The same template, which tells before each tag where it is and what it raises from what fails, and with our range. */
function tracked(tokens: readonly TemplateToken[], offsets: readonly number[]): TemplateToken[] {
  const token = (type: TemplateToken['type'], value: string): TemplateToken => ({ type, value });
  return tokens.flatMap((original, index) => {
    if (original.type === 'Identifier' && original.value === 'raise_exception') return [token('Identifier', RAISE)];
    const isRange = original.type === 'Identifier' && original.value === 'range';
    if (isRange && tokens[index + 1]?.type === 'OpenParen' && tokens[index - 1]?.type !== 'Dot')
      return [token('Identifier', RANGE)];
    if (original.type !== 'OpenStatement' && original.type !== 'OpenExpression') return [original];
    return [
      token('OpenExpression', '{{'),
      token('Identifier', MARK_PLACE),
      token('OpenParen', '('),
      token('NumericLiteral', `${offsets[index]}`),
      token('CloseParen', ')'),
      token('CloseExpression', '}}'),
      original,
    ];
  });
}

class Raised extends Error {}

/** Templates come from downloaded models: one that hardly ends, or fills the memory, is refused before it does. */
const MOST_STEPS = 1_000_000;
const TOO_LONG = `it goes through more than ${MOST_STEPS.toLocaleString('en')} steps`;

/** Python's, which makes a list here. */
function range(first: number, second?: number, step = 1): number[] {
  if (step === 0) throw new Error('range() step must not be zero');
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > MOST_STEPS) throw new Error(TOO_LONG);
  return Array.from({ length }, (_, index) => start + index * step);
}

function rendered(template: Template, source: string, variables: Readonly<Record<string, unknown>>): string {
  let place = 0;
  let steps = 0;
  const tracking = {
    [RANGE]: range,
    [MARK_PLACE]: (offset: number): string => {
      place = offset;
      if (++steps > MOST_STEPS) throw new Error(TOO_LONG);
      return '';
    },
    [RAISE]: (message: unknown): never => {
      throw new Raised(String(message));
    },
  };
  try {
    return template.render({ ...variables, ...stripFunctions, ...tracking });
  } catch (cause) {
    const where = lineAndColumn(source, place);
    if (cause instanceof Raised)
      throw new Reasoned(
        'template-refuses',
        `The template refuses these messages (${where.toLowerCase()}): ${sentence(cause.message)}`,
        'Change the messages as it says, or choose another template.',
        { cause },
      );
    throw new Reasoned(
      'template-failed',
      `${where} of the template failed: ${sentence((cause as Error).message)}`,
      'Correct the template, or choose another one.',
      { cause },
    );
  }
}

const syntaxError = (source: string, offset: number, message: string, cause: unknown): Reasoned =>
  new Reasoned(
    'template-syntax',
    `${lineAndColumn(source, offset)} of the template is not valid Jinja: ${sentence(plainer(message))}`,
    'Correct the template there, or choose another one.',
    { cause },
  );

/** `Parser Error: Expected closing expression token. Equals !== CloseExpression.`, without what it says twice. */
const plainer = (message: string): string => message.replace(/^Parser Error: (.*)\. (\w+) !== \w+\.$/, '$1, not $2');

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
