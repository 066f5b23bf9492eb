import { expect, it } from 'vitest';
import { rowText } from '../../../../src/host/classification/rowText.ts';

it.each([
  ['ham\tGo until', { text: 'Go until', start: 4, given: 'ham' }],
  ['a film to see\t1', { text: 'a film to see', start: 0, given: '1' }],
  ['ham and eggs', { text: 'ham and eggs', start: 0 }],
  ['ham\tand\teggs', { text: 'ham\tand\teggs', start: 0 }],
  ['eggs\tand', { text: 'eggs\tand', start: 0 }],
])('%j', (line, expected) => {
  expect(rowText(line, ['ham', 'spam', '0', '1'])).toEqual(expected);
});
