import { compileTemplate } from '../../chat/template.ts';
import type { Roles } from '../../data/roles.ts';
import type { View } from '../../data/view.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { RoleRow } from './row.ts';
import { requireTemplateColumns } from './templateColumns.ts';

/** The prompt of a row; empty where it has none. */
export type Prompt = (row: RoleRow) => string;

/** An instruction with its input, or the prompt, or the text: the first that the row has. */
export const asked = (row: RoleRow): string => {
  const instruction = row.text('instruction');
  if (instruction === undefined) return row.text('prompt') ?? row.text('text') ?? '';
  const input = row.text('input');
  return input === undefined ? instruction : `${instruction}\n${input}`;
};

/** tatsu-lab/stanford_alpaca, train.py; without its second sentence on the input, as in Raschka's "LLMs from scratch", chapter 7. */
function alpaca(row: RoleRow): string {
  const instruction = row.text('instruction') ?? row.text('prompt') ?? row.text('text') ?? '';
  const input = row.text('input');
  return [
    'Below is an instruction that describes a task. Write a response that appropriately completes the request.',
    `\n\n### Instruction:\n${instruction}`,
    input === undefined ? '' : `\n\n### Input:\n${input}`,
    '\n\n### Response:\n',
  ].join('');
}

export const PROMPT_TEMPLATES: Readonly<Record<string, Prompt>> = {
  alpaca,
  'question-answer': row => `### Question: ${asked(row)}\n### Answer: `,
  'phi-3': row => `<|user|>\n${asked(row)}\n<|assistant|>\n`,
  none: asked,
};

/**
 * The prompt of rows by a template: a built-in one, or Jinja over the columns; null: alpaca where there is an
 * instruction, else none. `field` is what the request calls it. Throws `template-unknown`, `column-missing` and the reasons
 * of templates.
 */
export function promptOf(
  template: string | null,
  columns: { readonly view: View; readonly roles: Roles },
  field: string,
): Prompt {
  const name = template ?? (columns.roles.instruction === undefined ? 'none' : 'alpaca');
  const builtIn = Object.hasOwn(PROMPT_TEMPLATES, name) ? PROMPT_TEMPLATES[name] : undefined;
  if (builtIn) return builtIn;
  if (!/\{[{%#]/.test(name))
    throw new Reasoned(
      'template-unknown',
      `${field} is “${name}”, which is neither a template’s name nor Jinja: it has no {{ }} and no {% %}.`,
      `Use one of ${Object.keys(PROMPT_TEMPLATES).join(', ')}, or write Jinja over the columns.`,
    );
  const render = compileTemplate(name);
  requireTemplateColumns(name, columns, field);
  return row => render(row.variables);
}
