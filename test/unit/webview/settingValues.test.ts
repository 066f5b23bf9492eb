import { expect, test } from 'vitest';
import { OPTION_MODES } from '../../../src/protocol/decodingOptions.ts';
import { FIELD_GROUPS } from '../../../webview-ui/shared/settingFields.ts';
import { readValue, writtenValue } from '../../../webview-ui/shared/settingValues.ts';
import { problemsOf } from '../../../webview-ui/shared/settingProblems.ts';

test('every option has a field, once', () => {
  const fields = FIELD_GROUPS.flatMap(group => group.fields.map(({ name }) => name));
  expect([...fields].sort()).toEqual(Object.keys(OPTION_MODES).sort());
});

test.each([
  ['number', '0.9', 0.9],
  ['number', '', undefined],
  ['yes', 'true', true],
  ['yes', 'false', undefined],
  ['past context', 'slide', 'slide'],
  ['past context', 'stop', undefined],
  ['texts', 'END\n\\n\\n', ['END', '\n\n']],
  ['texts', ' ', [' ']],
  ['texts', 'a\\\\n', ['a\\n']],
  ['ids', '198, 50256', [198, 50256]],
  ['ids', 'the', ['the']],
  [
    'biases',
    '318: -2, 198: 1.5',
    [
      { id: 318, value: -2 },
      { id: 198, value: 1.5 },
    ],
  ],
] as const)('%s: %j stands for %j', (kind, text, value) => expect(readValue({ kind }, text)).toEqual(value));

test.each([
  ['texts', ['a\nb', '\\n']],
  ['ids', [1, 2]],
  ['biases', [{ id: 3, value: -1 }]],
  ['number', 7],
] as const)('%s: what is written is read back: %j', (kind, value) =>
  expect(readValue({ kind }, writtenValue({ kind }, value))).toEqual(value),
);

test('what is wrong is told by the name of its field; greyed options are not', () => {
  const problems = problemsOf({ decoding: 'sample', maxNewTokens: 5, topP: 1.5, beams: -1 });
  expect([...problems.keys()]).toEqual(['topP']);
  expect(problems.get('topP')?.message).toBe('top-p is 1.5.');
});
