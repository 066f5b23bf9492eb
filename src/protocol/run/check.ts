import { fieldProblems, missingFields, mustBe, namesIn, valueAt } from '../fields/check.ts';
import { isObject } from '../fields/rules.ts';
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
  const wrong = [
    ...missingFields(RUN_RULES, request, REQUIRED),
    ...fieldProblems(RUN_RULES, request, NULLABLE),
    ...shapes(request),
  ];
  if (wrong.length > 0) return wrong.map(told);
  const spec = complete(request as unknown as RunRequest);
  const unused = leaves(request, '').flatMap(([path, value]): Found[] => {
    const why = isDefault(path, value) ? undefined : whyRefused(path, spec);
    return why === undefined ? [] : [found(path, value, `It has no effect here. ${why}`, 'Leave it out.', 'unused')];
  });
  return [...unused, ...contradictions(spec)].map(told);
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
    for (const name of namesIn(RUN_RULES, 'classification.hidden').filter(name => hidden[name] === undefined)) {
      const path = `classification.hidden.${name}`;
      problems.push(found(path, undefined, '', mustBe(RUN_RULES, path), 'missing'));
    }
  }
  return problems;
}

/** The fields that a request holds, with their values. */
const leaves = (section: Readonly<Record<string, unknown>>, prefix: string): Array<[string, unknown]> =>
  Object.entries(section).flatMap(([key, value]): Array<[string, unknown]> => {
    const path = `${prefix}${key}`;
    return !RUN_RULES[path] && isObject(value) ? leaves(value, `${path}.`) : [[path, value]];
  });

/** What a field is where it is left out; undefined where it must be given. */
export const defaultOf = (path: string): unknown =>
  path.startsWith('trainable.lora.')
    ? DEFAULT_LORA[path.slice('trainable.lora.'.length) as keyof typeof DEFAULT_LORA]
    : valueAt(DEFAULTS, path);

const isDefault = (path: string, value: unknown): boolean => JSON.stringify(value) === JSON.stringify(defaultOf(path));
