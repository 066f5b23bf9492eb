import { describe, expect, it } from 'vitest';
import type { OpenedDataset } from '../../../../src/protocol/dataset.ts';
import { columnProblems } from '../../../../src/protocol/run/columns.ts';
import { tidied, withValue } from '../../../../src/protocol/run/edit.ts';
import type { RunRequest } from '../../../../src/protocol/run/spec.ts';

const SPAM: RunRequest = { method: 'classification', model: 'starter', dataset: { file: '/a.tsv' } };

describe('changing a field', () => {
  it.each<readonly [string, RunRequest, string, unknown, Partial<RunRequest>]>([
    ['sets it', SPAM, 'training.epochs', 3, { training: { epochs: 3 } }],
    [
      'takes it out, with a section that is empty then',
      { ...SPAM, training: { epochs: 3 } },
      'training.epochs',
      undefined,
      {},
    ],
    [
      'keeps the others',
      { ...SPAM, training: { epochs: 3, seed: 1 } },
      'training.epochs',
      undefined,
      { training: { seed: 1 } },
    ],
    [
      'an adapter takes the place of layers',
      { ...SPAM, trainable: { layers: 'head' } },
      'trainable.lora.rank',
      4,
      { trainable: { lora: { rank: 4 } } },
    ],
    ['inside the dataset', SPAM, 'dataset.split.train', 0.7, { dataset: { file: '/a.tsv', split: { train: 0.7 } } }],
  ])('%s', (_, request, path, value, expected) => {
    expect(withValue(request, path, value)).toEqual({ ...SPAM, ...expected });
  });
});

it('what is written down is what differs, and has an effect, in the order of reading', () => {
  const request: RunRequest = {
    training: { epochs: 2, learningRate: 1e-4, completionOnly: false, momentum: 0.9, warmupSteps: 5, warmupRatio: 0.1 },
    trainable: { lora: { rank: 16 } },
    dpo: { beta: 0.1 },
    ...SPAM,
  };
  const written = { ...SPAM, training: { learningRate: 1e-4, warmupRatio: 0.1 }, trainable: { lora: {} } };
  expect(tidied(request)).toEqual(written);
  expect(Object.keys(tidied(request)).slice(0, 3)).toEqual(['method', 'model', 'dataset']);
});

describe('columns', () => {
  const column = (name: string) => ({ name, kind: 'text', distinct: null, missing: 0 }) as const;
  const opened = (roles: OpenedDataset['roles']): OpenedDataset => ({
    file: '/a.tsv',
    format: 'tsv',
    encoding: 'utf-8',
    header: false,
    rows: 10,
    method: null,
    version: '',
    columns: [column('column1'), column('column2')],
    roles,
  });

  it.each<readonly [string, RunRequest, OpenedDataset['roles'], RegExp | undefined]>([
    ['as they are guessed', SPAM, { label: 'column1', text: 'column2' }, undefined],
    [
      'as they are given',
      { ...SPAM, dataset: { file: 'a', columns: { label: 'column2' } } },
      { text: 'column1' },
      undefined,
    ],
    [
      'one that is not there',
      { ...SPAM, dataset: { file: 'a', columns: { label: 'class' } } },
      {},
      /no column "class" for the role label/,
    ],
    [
      'one that a step derives',
      { ...SPAM, dataset: { file: 'a', columns: { label: 'l' }, steps: [{ derive: { l: 'x' } }] } },
      { text: 'column1' },
      undefined,
    ],
    ['none for a role', SPAM, { text: 'column1' }, /needs a column for label/],
    [
      'none for an answer',
      { ...SPAM, method: 'sft' },
      { text: 'column1' },
      /completion or output or messages or label/,
    ],
  ])('%s', (_, request, roles, message) => {
    const [problem] = columnProblems(request, opened(roles));
    if (message)
      expect(problem).toMatchObject({ path: 'dataset.columns', reason: { message: expect.stringMatching(message) } });
    else expect(problem).toBeUndefined();
  });
});
