import { expect, it } from 'vitest';
import { table } from '../../../src/cli/output.ts';

it('aligns columns and leaves the last as it is', () => {
  const rows = [
    ['1', 'short', '東京'],
    ['100', 'longer word', 'x'],
  ];
  expect(table(['id', 'word', 'text'], rows, ['right', 'left', 'left'])).toBe(
    [' id  word         text', '  1  short        東京', '100  longer word  x'].join('\n'),
  );
});
