import { expect, test } from 'vitest';
import type { EvaluationRequest } from '../../../../src/protocol/evaluation/request.ts';
import { another, type ChosenModel, chosenModels, withModels } from '../../../../webview-ui/evaluate/chosenModels.ts';

const KNOWN = [
  { id: 'starter', precision: 'f32' },
  { id: 'large', precision: 'int8' },
] as const;
const request = (changes: Partial<EvaluationRequest> = {}): EvaluationRequest => ({
  task: 'compare',
  dataset: { file: '/rows.tsv' },
  models: ['starter', 'large'],
  ...changes,
});

test.each<[string, Partial<EvaluationRequest>, ReadonlyArray<readonly [string, string]>]>([
  [
    'each its own',
    {},
    [
      ['starter', 'f32'],
      ['large', 'int8'],
    ],
  ],
  [
    'one for all',
    { precision: 'bf16' },
    [
      ['starter', 'bf16'],
      ['large', 'bf16'],
    ],
  ],
  [
    'one for each',
    { models: ['starter', 'starter'], precisions: ['f32', 'int4'] },
    [
      ['starter', 'f32'],
      ['starter', 'int4'],
    ],
  ],
  ['that of a run is exact', { models: ['/runs/a/model'] }, [['/runs/a/model', 'f32']]],
  ['none', { models: [] }, []],
])('what models are kept in: %s', (_, changes, expected) => {
  const chosen = expected.map(([id, precision]) => ({ id, precision }));
  expect(chosenModels(request(changes), KNOWN)).toEqual(chosen);
});

test.each<[string, readonly ChosenModel[], Partial<EvaluationRequest>]>([
  [
    'all their own: nothing is said',
    [
      { id: 'starter', precision: 'f32' },
      { id: 'large', precision: 'int8' },
    ],
    {},
  ],
  ['one alone', [{ id: 'large', precision: 'f32' }], { precision: 'f32' }],
  [
    'one in two',
    [
      { id: 'starter', precision: 'f32' },
      { id: 'starter', precision: 'int8' },
    ],
    { precisions: ['f32', 'int8'] },
  ],
  ['none', [], {}],
])('what the request says of models: %s', (_, chosen, expected) => {
  const { task, dataset, ...rest } = withModels(
    request({ precision: 'int4', precisions: ['int4', 'int4'] }),
    chosen,
    KNOWN,
  );
  expect(rest).toEqual({ models: chosen.map(({ id }) => id), ...expected });
  expect(chosenModels({ task, dataset, ...rest }, KNOWN)).toEqual(chosen);
});

test('one more is a model that is not there yet, else the last one in a precision that is not', () => {
  const chosen: ChosenModel[] = [];
  for (let more = another(chosen, KNOWN); more; more = another(chosen, KNOWN)) chosen.push(more);
  expect(chosen.map(({ id, precision }) => `${id} ${precision}`)).toEqual([
    'starter f32',
    'large int8',
    'large f32',
    'large int4',
    'large f16',
    'large bf16',
  ]);
  expect(another([], [])).toBeUndefined();
});
