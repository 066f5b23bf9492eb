import type { EvaluationRequest } from '../../src/protocol/evaluation/request.ts';

/** A request's fields by their paths, each with its value as a line of text; what is null or empty is left out. */
export function asWritten(request: EvaluationRequest): Array<readonly [path: string, value: string]> {
  return fields(request, '');
}

function fields(value: unknown, path: string): Array<readonly [string, string]> {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) return value.length === 0 ? [] : [[path, value.map(text).join(', ')]];
  if (typeof value !== 'object') return [[path, text(value)]];
  return Object.entries(value).flatMap(([name, inside]) => fields(inside, path === '' ? name : `${path}.${name}`));
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
