import { expect, test } from 'vitest';
import type { DatasetRequest } from '../../../../src/protocol/dataset.ts';
import {
  withDataset,
  withRole,
  withShares,
  withSteps,
  withStepMoved,
  withTraining,
} from '../../../../webview-ui/dataset/edits.ts';
import { missingRoles, rolesToShow } from '../../../../webview-ui/dataset/roles.ts';
import { withShare } from '../../../../webview-ui/dataset/shares.ts';
import { stepProblem } from '../../../../webview-ui/dataset/stepProblem.ts';

const request: DatasetRequest = { model: 'starter', dataset: { file: '/data/sms.tsv' } };

test.each([
  // SMS spam as the book splits it, in two edits.
  [{ train: 0.85, validation: 0.05, test: 0.1 }, 'validation', 0.1, { train: 0.8, validation: 0.1, test: 0.1 }],
  [{ train: 0.8, validation: 0.1, test: 0.1 }, 'test', 0.2, { train: 0.7, validation: 0.1, test: 0.2 }],
  [{ train: 0.7, validation: 0.1, test: 0.2 }, 'train', 0.85, { train: 0.85, validation: 0.1, test: 0.05 }],
  [{ train: 0.7, validation: 0.1, test: 0.2 }, 'train', 0.95, { train: 0.95, validation: 0.05, test: 0 }],
  [{ train: 0.7, validation: 0.1, test: 0.2 }, 'train', 1, { train: 1, validation: 0, test: 0 }],
  [{ train: 0.7, validation: 0.1, test: 0.2 }, 'validation', 0.95, { train: 0, validation: 0.8, test: 0.2 }],
] as const)('of %o, %s becomes %d', (before, part, share, after) =>
  expect(withShare(before, part, share)).toEqual(after),
);

test('a request holds what differs from the defaults, and nothing else', () => {
  expect(withTraining(request, { maxLength: 120 }).training).toEqual({ maxLength: 120 });
  expect(withTraining(withTraining(request, { maxLength: 120 }), { maxLength: null })).toEqual(request);
  expect(withDataset(withDataset(request, { template: 'phi-3' }), { template: null })).toEqual(request);
  expect(withRole(withRole(request, 'label', 'column1'), 'label', null)).toEqual(request);
  expect(withShares(request, { seed: 7 }).dataset.split).toEqual({ seed: 7 });
  const shares = { train: 0.7, validation: 0.1, test: 0.2 };
  expect(withShares(request, shares).dataset.split).toEqual(shares);
});

test('steps change their places', () => {
  const steps = [{ take: 1 }, { take: 2 }, { take: 3 }];
  const moved = (at: number, to: number) => withStepMoved(withSteps(request, steps), at, to).dataset.steps;
  expect(moved(0, 2)).toEqual([{ take: 2 }, { take: 3 }, { take: 1 }]);
  expect(moved(2, 1)).toEqual([{ take: 1 }, { take: 3 }, { take: 2 }]);
  expect(moved(0, -1)).toEqual(steps);
});

test.each([
  ['classification', { text: 'a' }, ['label']],
  ['sft', {}, ['instruction', 'output']],
  ['sft', { messages: 'm' }, []],
  ['sft', { instruction: 'a' }, ['output']],
  ['sft', { prompt: 'a', completion: 'b' }, []],
  ['dpo', { instruction: 'a', chosen: 'b' }, ['rejected']],
  ['dpo', { chosen: 'a', rejected: 'b' }, []],
  ['dpo', { prompt: 'p', responses: 'r' }, []],
  ['reward', { prompt: 'p' }, ['chosen', 'rejected']],
  [null, {}, []],
] as const)('%s with %o still needs %o', (method, roles, missing) =>
  expect(missingRoles(method, roles)).toEqual(missing),
);

test('roles that a method does not take are offered to none', () => {
  const { shown, others } = rolesToShow('dpo', { prompt: 'q', chosen: 'a', rejected: 'b', label: 'l' });
  expect([shown, others]).toEqual([
    ['prompt', 'chosen', 'rejected'],
    ['instruction', 'input', 'messages', 'responses', 'scores'],
  ]);
});

test.each([
  ['dataset.steps[1]: Row 3: there is no "lable".', 1, 'Row 3: there is no "lable". Look.'],
  ['dataset.steps[0], filter x, leaves none of 9 rows.', 0, 'Leaves none of 9 rows. Look.'],
])('%s is told at its step', (message, at, said) =>
  expect(stepProblem({ code: 'step-invalid', message, remedy: 'Look.' })).toEqual({ at, message: said }),
);

test('what is about no step is told at none', () =>
  expect(stepProblem({ code: 'model-unknown', message: 'No model "x".', remedy: '' })).toBeNull());
