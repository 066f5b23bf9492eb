import { parse, tokenize } from '@huggingface/jinja';

interface Found {
  readonly used: Set<string>;
  /** Set by the template itself. */
  readonly bound: Set<string>;
  readonly optional: Set<string>;
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const GIVEN = ['true', 'false', 'none', 'True', 'False', 'None', 'range', 'raise_exception', 'strftime_now', 'loop'];
const FUNCTIONS = ['namespace', 'caller'];

/**
 * The names that a template which compiles must be given for what it writes: `text` for `{{ text }}`, `row.text` for
 * `{{ row.text }}`. Those that it asks about in a condition, or that have a default, may be missing.
 */
export function neededNames(text: string): ReadonlySet<string> {
  const program = parse(tokenize(text, { lstrip_blocks: true, trim_blocks: true })) as unknown as Node;
  const { used, bound, optional } = visited(program);
  return new Set([...used].filter(name => !bound.has(name) && !optional.has(name)));
}

function visited(program: Node): Found {
  const found: Found = { used: new Set(), bound: new Set([...GIVEN, ...FUNCTIONS]), optional: new Set() };
  visit(program, found);
  return found;
}

function visit(value: unknown, found: Found): void {
  if (Array.isArray(value)) for (const child of value) visit(child, found);
  else if (value instanceof Map) for (const [key, child] of value) visit([key, child], found);
  else if (isNode(value)) visitNode(value, found);
}

function visitNode(node: Node, found: Found): void {
  for (const condition of conditionsOf(node)) for (const name of namesIn(condition)) found.optional.add(name);
  const name = nameOf(node);
  if (name !== undefined) found.used.add(name);
  if (node.type === 'Identifier') return;
  if (name !== undefined && node.type === 'MemberExpression') return;
  for (const bound of boundBy(node)) for (const name of namesIn(bound)) found.bound.add(name);
  for (const [field, child] of Object.entries(node)) if (!isNoVariable(node, field)) visit(child, found);
}

/** What decides, and what may be replaced by a default. */
function conditionsOf(node: Node): unknown[] {
  if (node.type === 'If' || node.type === 'SelectExpression') return [node['test']];
  if (node.type === 'Ternary') return [node['condition']];
  if (node.type === 'TestExpression') return [node['operand']];
  return node.type === 'FilterExpression' && filterOf(node) === 'default' ? [node['operand']] : [];
}

function filterOf({ filter }: Node): unknown {
  if (!isNode(filter)) return undefined;
  return filter.type === 'CallExpression' ? (filter['callee'] as Node)['value'] : filter['value'];
}

const boundBy = (node: Node): unknown[] => {
  if (node.type === 'For') return [node['loopvar']];
  if (node.type === 'Set') return [node['assignee']];
  return node.type === 'Macro' ? [node['name'], ...(node['args'] as unknown[])] : [];
};

/** Names that stand for no variable: of a property, a filter, a test, an argument, and the operators "and", "or", "in". */
function isNoVariable({ type, ...node }: Node, field: string): boolean {
  if (type === 'MemberExpression') return field === 'property' && node['computed'] !== true;
  if (type === 'FilterExpression' || type === 'FilterStatement') return field === 'filter';
  if (type === 'TestExpression') return field === 'test';
  if (type === 'BinaryExpression' || type === 'UnaryExpression') return field === 'operator';
  return type === 'KeywordArgumentExpression' && field === 'key';
}

function nameOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return node['value'] as string;
  if (node.type !== 'MemberExpression') return undefined;
  const [object, property] = [node['object'] as Node, node['property'] as Node];
  const isStatic = node['computed'] !== true || property.type === 'StringLiteral';
  return object.type === 'Identifier' && object['value'] === 'row' && isStatic ? `row.${property['value']}` : undefined;
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isNode(value)) return [];
  const name = nameOf(value);
  return name === undefined ? Object.values(value).flatMap(namesIn) : [name];
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;
