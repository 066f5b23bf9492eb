import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../../../src/chat/template.ts';
import { reasonOf } from '../../../src/protocol/result.ts';

const reasonFor = (text: string, variables = {}) => {
  try {
    return compileTemplate(text)(variables);
  } catch (error) {
    return reasonOf(error);
  }
};

describe('what is wrong with a template is told with its place', () => {
  test.each([
    ['a\n{{ x + }}', 'template-syntax', 'Line 2, column 8 ', 'CloseExpression'],
    ['{{ a\n  = b }}', 'template-syntax', 'Line 2, column 3 ', 'Expected closing expression token, not Equals.'],
    ['{{ a ; }}', 'template-syntax', 'Line 1, column 6 ', 'Unexpected character: ;'],
    ['{% if a != 1 ! %}', 'template-syntax', 'Line 1, column 14 ', 'Unexpected character: !'],
    ['one\n  {{ "abc', 'template-syntax', 'Line 2, column 3 ', 'this tag is never closed'],
    ['{{ a }}{# comment', 'template-syntax', 'Line 1, column 8 ', 'this tag is never closed'],
    [
      'text\n{% if x %}\n{% for y in z %}b{% endfor %}',
      'template-syntax',
      'Line 2, column 1 ',
      'this if is never closed',
    ],
    ['{% if x %}\n{% for y in z %}a{% endif %}', 'template-syntax', 'Line 2, column 21 ', 'endif'],
    ['{# {{ #}{% generation %}\n{%- foo %}', 'template-syntax', 'Line 2, column 5 ', 'foo'],
    ['{{ "}} {{ \\" \'" }}\r\n\r\n\t{{ ) }}', 'template-syntax', 'Line 3, column 5 ', 'CloseParen'],
    ['a\n  {{ "x" | foo }}', 'template-failed', 'Line 2, column 3 ', 'foo'],
    ['{% if x %}{{ y() }}{% else %}\n{{ z() }}{% endif %}', 'template-failed', 'Line 2, column 1 ', 'not a function'],
    ['a\n{% for i in range(2000000000) %}x{% endfor %}', 'template-failed', 'Line 2, column 1 ', '1,000,000 steps'],
    [
      '{% for i in range(9999) %}{% for j in range(9999) %}x{% endfor %}{% endfor %}',
      'template-failed',
      'Line 1, column 54 ',
      '1,000,000 steps',
    ],
    ['{{ [1].strip("a") }}', 'template-failed', 'Line 1, column 1 ', 'strip() is for texts'],
    [
      '{% for x in [1] %}\n  {{ raise_exception("Not so.") }}{% endfor %}',
      'template-refuses',
      'line 2, column 3',
      ': Not so.',
    ],
  ])('%j', (text, code, place, said) => {
    const reason = reasonFor(text);
    expect(reason).toMatchObject({ code });
    expect(reason).toHaveProperty('message', expect.stringContaining(place));
    expect(reason).toHaveProperty('message', expect.stringContaining(said));
  });
});

// As Python renders them: Jinja2 3.1.6 with transformers' settings.
test.each([
  ['{{ "\\n a\\n" .strip("\\n") }}|', ' a|'],
  ['{{ "xxaxbxx".lstrip("x") + "-" + "xxaxbxx".rstrip("x") + "-" + "xxx".strip("x") }}', 'axbxx-xxaxb-'],
  ['{{ "  a ".strip() }}|', 'a|'],
  ['{% for i in range(3) %}{{ i }}{% endfor %}', '012'],
  ['{% for i in range(5, 0, -2) %}{{ i }}{% endfor %}|{% for i in range(2, 2) %}x{% endfor %}', '531|'],
  ['a\r\nb\r', 'a\nb'],
  ['  {% if true %}\n  a\n  {% endif %}\nb', '  a\nb'],
])('%j renders as %j', (text, expected) => {
  expect(reasonFor(text)).toBe(expected);
});
