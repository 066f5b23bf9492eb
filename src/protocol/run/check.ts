import { contradictions } from './combinations.ts';
import { complete, DEFAULTS, DEFAULT_LORA } from './defaults.ts';
import { whyRefused } from './effects.ts';
import { type Found, found, type RunProblem, told } from './problem.ts';
import { RUN_RULES } from './rules.ts';
import type { RunRequest } from './spec.ts';

export type { RunProblem } from './problem.ts';

const REQUIRED = ['method', 'model', 'dataset.file'];

/** Sections that may be null instead. */
const NULLABLE = ['classification.hidden'];

/**
 * What is wrong with a request that may come from anywhere; empty where it is a `RunRequest` that can be started. Files
 * and columns are looked at by whoever has them.
 */
export function problemsOf(request: unknown): RunProblem[] {
  if (!isObject(request)) {
    const remedy = 'Write an object with "method", "model" and "dataset": {"file": "…"}.';
    return [told(found('run.json', request ?? null, 'It must be a JSON object.', remedy, 'invalid'))];
  }
  const wrong = [...missing(request), ...fieldsOf(request, ''), ...shapes(request)];
  if (wrong.length > 0) return wrong.map(told);
  const spec = complete(request as unknown as RunRequest);
  const unused = leaves(request, '').flatMap(([path, value]): Found[] => {
    const why = isDefault(path, value) ? undefined : whyRefused(path, spec);
    return why === undefined ? [] : [found(path, value, `It has no effect here. ${why}`, 'Leave it out.', 'unused')];
  });
  return [...unused, ...contradictions(spec)].map(told);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSection = (path: string): boolean => Object.keys(RUN_RULES).some(field => field.startsWith(`${path}.`));

const missing = (request: Readonly<Record<string, unknown>>): Found[] =>
  REQUIRED.filter(path => valueAt(request, path) === undefined).map(path =>
    found(path, undefined, '', mustBe(path), 'missing'),
  );

/** Each field that is there, by its own rule. */
function fieldsOf(section: Readonly<Record<string, unknown>>, prefix: string): Found[] {
  return Object.entries(section).flatMap(([key, value]): Found[] => {
    const path = `${prefix}${key}`;
    if (value === undefined || path === '$schema') return [];
    const rule = RUN_RULES[path];
    if (rule) return rule.allows(value) ? [] : [found(path, value, '', mustBe(path), 'invalid')];
    if (!isSection(path)) return [unknown(path, key, value)];
    if (isObject(value)) return fieldsOf(value, `${path}.`);
    if (value === null && NULLABLE.includes(path)) return [];
    return [found(path, value, '', `It must be an object with some of ${namesIn(path).join(', ')}.`, 'invalid')];
  });
}

function unknown(path: string, key: string, value: unknown): Found {
  const known = Object.keys(RUN_RULES);
  const named = known.find(field => differs(field, key) === 0) ?? known.find(field => differs(field, key) <= NEARLY);
  const remedy = named
    ? `Write ${named} instead.`
    : `Leave it out, or write one of ${namesIn(parentOf(path)).join(', ')}.`;
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

/** Sections that are one of two things, or whole or not at all. */
function shapes({ trainable, dataset, classification }: Readonly<Record<string, unknown>>): Found[] {
  const problems: Found[] = [];
  if (isObject(trainable) && (trainable['layers'] === undefined) === (trainable['lora'] === undefined)) {
    problems.push(
      found('trainable', trainable, 'It must hold layers or lora.', 'Give exactly one of them.', 'invalid'),
    );
  }
  const split = isObject(dataset) ? dataset['split'] : undefined;
  if (isObject(split) && split['files'] !== undefined && Object.keys(split).length > 1) {
    const remedy = 'Leave the shares out, or the files.';
    problems.push(found('dataset.split', split, 'The parts are shares of one file, or files of their own.', remedy));
  }
  const hidden = isObject(classification) ? classification['hidden'] : undefined;
  if (isObject(hidden)) {
    for (const name of namesIn('classification.hidden').filter(name => hidden[name] === undefined)) {
      const path = `classification.hidden.${name}`;
      problems.push(found(path, undefined, '', mustBe(path), 'missing'));
    }
  }
  return problems;
}

const mustBe = (path: string): string => `It must be ${RUN_RULES[path]?.must}.`;

/** The names that may stand in a section. */
function namesIn(section: string): string[] {
  const prefix = section === '' ? '' : `${section}.`;
  const inside = Object.keys(RUN_RULES).filter(path => path.startsWith(prefix));
  return [...new Set(inside.map(path => path.slice(prefix.length).split('.')[0] as string))];
}

const parentOf = (path: string): string => path.split('.').slice(0, -1).join('.');

/** The fields that a request holds, with their values. */
const leaves = (section: Readonly<Record<string, unknown>>, prefix: string): Array<[string, unknown]> =>
  Object.entries(section).flatMap(([key, value]): Array<[string, unknown]> => {
    const path = `${prefix}${key}`;
    return !RUN_RULES[path] && isObject(value) ? leaves(value, `${path}.`) : [[path, value]];
  });

/** The value at a path of an object, undefined where there is none. */
export const valueAt = (object: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), object);

/** What a field is where it is left out; undefined where it must be given. */
export const defaultOf = (path: string): unknown =>
  path.startsWith('trainable.lora.')
    ? DEFAULT_LORA[path.slice('trainable.lora.'.length) as keyof typeof DEFAULT_LORA]
    : valueAt(DEFAULTS, path);

const isDefault = (path: string, value: unknown): boolean => JSON.stringify(value) === JSON.stringify(defaultOf(path));
