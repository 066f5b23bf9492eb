import { complete } from '../../../src/protocol/run/defaults.ts';
import type { RunRequest } from '../../../src/protocol/run/spec.ts';

/** A field of run.json with its value in each run. */
export interface SettingRow {
  /** Such as `training.learningRate`. */
  readonly field: string;
  /** As JSON has them, texts without quotes; `–` where a run does not have the field. */
  readonly values: readonly string[];
  /** Not the same in all runs; of one run, not the default. */
  readonly differs: boolean;
}

/** Parts of run.json that other methods use. */
const OF_METHOD = ['classification', 'sft', 'dpo', 'reward', 'ppo'];

/** The settings of runs by field, those that differ first. */
export function settingRows(requests: ReadonlyArray<RunRequest | null>): SettingRow[] {
  const flat = requests.map(request => (request ? flattened(relevant(request)) : new Map<string, string>()));
  const first = requests[0];
  const defaults = first
    ? flattened(relevant({ method: first.method, model: '', dataset: { file: '' }, backend: first.backend ?? 'onnx' }))
    : new Map<string, string>();
  defaults.delete('method'); // which nobody leaves out
  defaults.set('backend', 'onnx'); // torch differs, and of its fields only those that were set
  const fields = inOrder([...new Set(flat.flatMap(values => [...values.keys()]))]);
  const rows = fields.map(field => {
    const values = flat.map(one => one.get(field) ?? '–');
    const differs =
      requests.length > 1 ? values.some(value => value !== values[0]) : values[0] !== (defaults.get(field) ?? '–');
    return { field, values, differs };
  });
  return [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
}

/** What a run is, first. */
const FIRST = ['method', 'model', 'dataset.file'];

const inOrder = (fields: readonly string[]): string[] => [
  ...FIRST.filter(field => fields.includes(field)),
  ...fields.filter(field => !FIRST.includes(field)),
];

/** Complete, without what the method and the backend do not look at. */
function relevant(request: RunRequest): object {
  const whole = complete(request);
  const unused = OF_METHOD.filter(name => name !== whole.method);
  if (whole.backend === 'onnx') unused.push('torch');
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !unused.includes(name)));
}

function flattened(value: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([name, inner]): [string, string][] => {
      if (inner && typeof inner === 'object' && !Array.isArray(inner) && Object.keys(inner).length > 0)
        return [...flattened(inner as object, `${prefix}${name}.`)];
      return [[prefix + name, typeof inner === 'string' ? inner : JSON.stringify(inner)]];
    }),
  );
}
