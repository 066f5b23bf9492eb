import { describe, expect, it } from 'vitest';
import type { FieldKind } from '../../../../webview-ui/fineTune/fields.ts';
import { readField, written } from '../../../../webview-ui/fineTune/values.ts';

const NUMBER: FieldKind = { is: 'number' };
const EPOCH: FieldKind = { is: 'number or word', words: ['epoch'] };
const WORDS: FieldKind = { is: 'words' };
const RULE: FieldKind = { is: 'rule' };

describe('what is written comes back', () => {
  it.each<readonly [FieldKind, unknown, string]>([
    [NUMBER, 50, '50'],
    [NUMBER, 5e-5, '5e-5'],
    [NUMBER, 0.001, '0.001'],
    [NUMBER, -0.5, '-0.5'],
    [EPOCH, 'epoch', 'epoch'],
    [EPOCH, 20, '20'],
    [{ is: 'list', of: 'numbers' }, [0.9, 0.999], '0.9, 0.999'],
    [{ is: 'list', of: 'texts' }, ['ham', 'spam'], 'ham, spam'],
    [WORDS, { '0': 'negative', '1': 'positive' }, '0: negative, 1: positive'],
    [{ is: 'text' }, 'alpaca', 'alpaca'],
    [RULE, { contains: ' good' }, 'contains:  good'],
    [RULE, { regex: '^a: \\d+$' }, 'regex: ^a: \\d+$'],
    [RULE, { label: true }, 'label'],
    [NUMBER, undefined, ''],
  ])('%j of %j', (kind, value, text) => {
    expect(written(kind, value)).toBe(text);
    expect(readField(kind, text)).toEqual(value);
  });
});

it.each<readonly [FieldKind, string, unknown]>([
  [NUMBER, 'many', 'many'],
  [NUMBER, ' 1e-4 ', 1e-4],
  [{ is: 'list', of: 'numbers' }, '0.9, x', [0.9, 'x']],
  [WORDS, 'negative', 'negative'],
  [RULE, 'good', 'good'],
  [RULE, 'startsWith:', { startsWith: '' }],
  [WORDS, '0:  negative', { '0': ' negative' }],
])('%j: %j is handed on to be checked', (kind, text, value) => {
  expect(readField(kind, text)).toEqual(value);
});
