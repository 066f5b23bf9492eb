import { BUILT_IN_TEMPLATES, type ChatTemplate, type RenderedChat } from '../protocol/chat.ts';
import { Reasoned } from '../protocol/result.ts';
import { builtInTemplates } from './builtIn.ts';
import type { ModelChat } from './modelTemplates.ts';

export interface ChosenTemplate {
  readonly name: string;
  readonly source: RenderedChat['template']['source'];
  readonly text: string;
  /** Of a built-in template; those of others are found by rendering. */
  readonly turnMarkers?: readonly string[];
}

/**
 * A built-in template or one of the model's own by name, or Jinja text; the model's default where none is asked for,
 * else plain roles. Throws `template-unknown`.
 */
export function chooseTemplate(asked: ChatTemplate | undefined, { templates }: ModelChat): ChosenTemplate {
  const name = asked ?? (templates.has('default') || templates.size > 0 ? 'default' : 'plain');
  if (isBuiltIn(name)) return { name, source: 'built-in', ...builtInTemplates[name] };
  const own = templates.get(name);
  if (own !== undefined) return { name, source: 'model', text: own };
  if (/\{[{%#]/.test(name)) return { name: 'given', source: 'given', text: name };
  const names = [...new Set([...templates.keys(), ...BUILT_IN_TEMPLATES])].join(', ');
  if (asked === undefined)
    throw new Reasoned(
      'template-unknown',
      `The model has ${templates.size} chat templates, and none of them is its default.`,
      `Choose one: ${names}.`,
    );
  throw new Reasoned(
    'template-unknown',
    `There is no chat template “${name}”, and it is no Jinja text: it has no {{ }} and no {% %}.`,
    `Use one of ${names}, or write Jinja text over messages.`,
  );
}

const isBuiltIn = (name: string): name is (typeof BUILT_IN_TEMPLATES)[number] => Object.hasOwn(builtInTemplates, name);
