import { type Found, found } from '../run/problem.ts';
import { type FieldRule, isObject } from './rules.ts';

/** Every field of a request by its path, such as `training.epochs`. */
export type Rules = Readonly<Record<string, FieldRule>>;

/** Fields of a request that must be there and are not. */
export const missingFields = (rules: Rules, request: object, required: readonly string[]): Found[] =>
  required
    .filter(path => valueAt(request, path) === undefined)
    .map(path => found(path, undefined, '', mustBe(rules, path), 'missing'));

/** What is wrong with each field that is there, by its own rule. `nullable`: sections that may be null instead. */
export function fieldProblems(
  rules: Rules,
  section: Readonly<Record<string, unknown>>,
  nullable: readonly string[] = [],
  prefix = '',
): Found[] {
  return Object.entries(section).flatMap(([key, value]): Found[] => {
    const path = `${prefix}${key}`;
    if (value === undefined || path === '$schema') return [];
    const rule = rules[path];
    if (rule) return rule.allows(value) ? [] : [found(path, value, '', mustBe(rules, path), 'invalid')];
    if (!isSection(rules, path)) return [unknown(rules, path, key, value)];
    if (isObject(value)) return fieldProblems(rules, value, nullable, `${path}.`);
    if (value === null && nullable.includes(path)) return [];
    const remedy = `It must be an object with some of ${namesIn(rules, path).join(', ')}.`;
    return [found(path, value, '', remedy, 'invalid')];
  });
}

const isSection = (rules: Rules, path: string): boolean =>
  Object.keys(rules).some(field => field.startsWith(`${path}.`));

function unknown(rules: Rules, path: string, key: string, value: unknown): Found {
  const known = Object.keys(rules);
  const named = known.find(field => differs(field, key) === 0) ?? known.find(field => differs(field, key) <= NEARLY);
  const remedy = named
    ? `Write ${named} instead.`
    : `Leave it out, or write one of ${namesIn(rules, parentOf(path)).join(', ')}.`;
  return found(path, value, 'There is no such field.', remedy, 'unknown');
}

/** Letters that a name may have more or less at its end to be meant all the same: `epoch`, `warmupStep`. */
const NEARLY = 2;

/** How many letters a name has more or less than a field's, case and separators aside; Infinity where they part before. */
function differs(field: string, key: string): number {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '');
  const [a, b] = [plain(field.split('.').at(-1) as string), plain(key)];
  return a.startsWith(b) || b.startsWith(a) ? Math.abs(a.length - b.length) : Number.POSITIVE_INFINITY;
}

export const mustBe = (rules: Rules, path: string): string => `It must be ${rules[path]?.must}.`;

/** The names that may stand in a section. */
export function namesIn(rules: Rules, section: string): string[] {
  const prefix = section === '' ? '' : `${section}.`;
  const inside = Object.keys(rules).filter(path => path.startsWith(prefix));
  return [...new Set(inside.map(path => path.slice(prefix.length).split('.')[0] as string))];
}

const parentOf = (path: string): string => path.split('.').slice(0, -1).join('.');

/** The value at a path of an object, undefined where there is none. */
export const valueAt = (object: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), object);
