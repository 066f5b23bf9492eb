import { expect, test } from 'vitest';
import { neededNames } from '../../../src/chat/templateNames.ts';

test.each([
  ['{{ text }}', ['text']],
  ['{{ row.text }} and {{ row["the label"] }}', ['row.text', 'row.the label']],
  ['{% if input %}{{ input }}{% endif %}{{ " " + label if label else "" }}', []],
  ['{% for m in messages %}{{ m.role }}{{ loop.index }}{% endfor %}', ['messages']],
  ['{{ a | default("x") }}{{ b | upper }}', ['b']],
  ['{% set z = q %}{{ z }}{{ k is defined }}', ['q']],
  ['{{ sentence.strip() }}{{ list[0] }}{{ object.a.b }}', ['sentence', 'list', 'object']],
  ['{{ a and b or not c }}{{ "x" in d }}{{ e not in f }}', ['a', 'b', 'c', 'd', 'e', 'f']],
  ['{% macro f(a) %}{{ a }}{% endmacro %}{{ f(s) }}', ['s']],
])('%s needs %j', (template, names) => {
  expect([...neededNames(template)]).toEqual(names);
});
