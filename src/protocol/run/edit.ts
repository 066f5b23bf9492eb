import { valueAt } from '../fields/check.ts';
import { defaultOf } from './check.ts';
import { complete } from './defaults.ts';
import { whyNoEffect } from './effects.ts';
import { RUN_RULES } from './rules.ts';
import type { RunRequest } from './spec.ts';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The two ways to say what trains: setting one takes the other out. */
const EXCLUSIVE: ReadonlyArray<readonly [string, string]> = [
  ['trainable.layers', 'trainable.lora'],
  ['trainable.lora', 'trainable.layers'],
];

/** The request with another value of a field, or of a section; undefined takes it out, so that its default holds. */
export function withValue(request: RunRequest, path: string, value: unknown): RunRequest {
  const changed = withField(request as unknown as Fields, path.split('.'), value);
  const other = EXCLUSIVE.find(([one]) => path === one || path.startsWith(`${one}.`))?.[1];
  const alone = other === undefined || value === undefined ? changed : withField(changed, other.split('.'), undefined);
  return alone as unknown as RunRequest;
}

/** An object with another value at a path; undefined takes it out, and with it what is empty then. */
export function withField(object: Fields, [name = '', ...rest]: readonly string[], value: unknown): Fields {
  const { [name]: before, ...others } = object;
  if (rest.length === 0) return value === undefined ? others : { ...object, [name]: value };
  const inside = withField(isObject(before) ? before : {}, rest, value);
  return Object.keys(inside).length === 0 ? others : { ...object, [name]: inside };
}

/** What a request holds at a path, else the default. */
export const valueOrDefault = (request: RunRequest, path: string): unknown => valueAt(request, path) ?? defaultOf(path);

/** Whether a field says something else than its default. */
export function isChanged(request: RunRequest, path: string): boolean {
  const value = valueAt(request, path);
  return value !== undefined && JSON.stringify(value) !== JSON.stringify(defaultOf(path));
}

/** The request as one would write it: without what is the default anyway, and without what has no effect. */
export function tidied(request: RunRequest): RunRequest {
  const spec = complete(request);
  const needless = Object.keys(RUN_RULES).filter(path => {
    if (path === 'method' || path === 'model' || path === 'dataset.file') return false;
    if (valueAt(request, path) === undefined || path.startsWith('classification.hidden.')) return false;
    return !isChanged(request, path) || whyNoEffect(path, spec) !== undefined;
  });
  const rest = needless.reduce((left, path) => withValue(left, path, undefined), request);
  // An adapter whose values are all default ones is still one.
  const { trainable } = request;
  const whole = trainable && 'lora' in trainable && !rest.trainable ? { ...rest, trainable: { lora: {} } } : rest;
  const { method, model, dataset, ...others } = whole; // in the order in which one reads them
  return { method, model, dataset, ...others };
}
