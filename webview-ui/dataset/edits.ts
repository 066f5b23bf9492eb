import type { DatasetRequest } from '../../src/protocol/dataset.ts';
import { DEFAULTS, DEFAULT_SPLIT } from '../../src/protocol/run/defaults.ts';
import type { DatasetStep, Role, SharesSpec, TrainingSpec } from '../../src/protocol/run/spec.ts';

// What the page makes of a request. What is as the defaults have it is left out: run.json stays short.

type DatasetPart = DatasetRequest['dataset'];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function without<T extends object>(given: T, defaults: object): Partial<T> {
  const differs = ([name, value]: [string, unknown]): boolean =>
    !same(value, (defaults as Record<string, unknown>)[name]);
  return Object.fromEntries(Object.entries(given).filter(differs)) as Partial<T>;
}

export const trainingOf = ({ training }: DatasetRequest): TrainingSpec => ({ ...DEFAULTS.training, ...training });

export function withTraining(request: DatasetRequest, changes: Partial<TrainingSpec>): DatasetRequest {
  const { training: before, ...others } = request;
  const training = without({ ...before, ...changes }, DEFAULTS.training);
  return Object.keys(training).length > 0 ? { ...others, training } : others;
}

export function withDataset(request: DatasetRequest, changes: Partial<DatasetPart>): DatasetRequest {
  const { file, ...others } = { ...request.dataset, ...changes };
  return { ...request, dataset: { file, ...without(others, DEFAULTS.dataset) } };
}

/** Null: what the roles suggest. */
export function withMethod(request: DatasetRequest, method: DatasetRequest['method'] | null): DatasetRequest {
  const { method: _, ...others } = request;
  return method ? { ...others, method } : others;
}

/** A column of that role; null: it is guessed again. */
export function withRole(request: DatasetRequest, role: Role, column: string | null): DatasetRequest {
  const { [role]: _, ...others } = request.dataset.columns ?? {};
  return withDataset(request, { columns: column === null ? others : { ...others, [role]: column } });
}

export const stepsOf = ({ dataset }: DatasetRequest): readonly DatasetStep[] => dataset.steps ?? [];

export const withSteps = (request: DatasetRequest, steps: readonly DatasetStep[]): DatasetRequest =>
  withDataset(request, { steps });

export const withStep = (request: DatasetRequest, at: number, step: DatasetStep): DatasetRequest =>
  withSteps(request, stepsOf(request).with(at, step));

export const withoutStep = (request: DatasetRequest, at: number): DatasetRequest =>
  withSteps(request, stepsOf(request).toSpliced(at, 1));

export function withStepMoved(request: DatasetRequest, at: number, to: number): DatasetRequest {
  const steps = stepsOf(request);
  const step = steps[at];
  if (!step || to < 0 || to >= steps.length) return request;
  return withSteps(request, steps.toSpliced(at, 1).toSpliced(to, 0, step));
}

/** The shares of the split; null where the parts are files. */
export function sharesOf({ dataset: { split } }: DatasetRequest): SharesSpec | null {
  return split && 'files' in split ? null : { ...DEFAULT_SPLIT, ...split };
}

export function withShares(request: DatasetRequest, changes: Partial<SharesSpec>): DatasetRequest {
  const shares = { ...(sharesOf(request) ?? DEFAULT_SPLIT), ...changes };
  const { train, validation, test, ...rest } = shares;
  const { split: _, ...dataset } = request.dataset;
  // The three go together: one alone would not add up to 1 with the defaults of the others.
  const parts = { train, validation, test };
  const given = { ...without(rest, DEFAULT_SPLIT), ...(!same(parts, partsOf(DEFAULT_SPLIT)) && parts) };
  return { ...request, dataset: { ...dataset, ...(Object.keys(given).length > 0 && { split: given }) } };
}

const partsOf = ({ train, validation, test }: SharesSpec) => ({ train, validation, test });
