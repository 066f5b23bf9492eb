import type { BUILT_IN_TEMPLATES } from '../protocol/chat.ts';

export interface BuiltInTemplate {
  /** Jinja, over `messages`, `add_generation_prompt` and the model's special tokens. */
  readonly text: string;
  /** What a base model writes when it runs on past the end of its turn. */
  readonly turnMarkers: readonly string[];
}

// In each, what rendering a reply adds begins where the rendering with a generation prompt ended; training relies on it.
// Where a space stands before a reply, the reply's own is trimmed: base models begin with one.

export const builtInTemplates: Readonly<Record<(typeof BUILT_IN_TEMPLATES)[number], BuiltInTemplate>> = {
  plain: {
    text: `{% for message in messages %}
{% if not loop.first %}{{ '\\n' }}{% endif %}
{{- message.role | capitalize + ': ' + message.content | trim }}
{%- endfor %}
{% if add_generation_prompt %}{{ '\\nAssistant:' }}{% endif %}`,
    turnMarkers: ['\nUser:', '\nSystem:', '\nAssistant:'],
  },

  chatml: {
    text: `{% for message in messages %}
{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- endfor %}
{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`,
    turnMarkers: ['<|im_end|>', '<|im_start|>'],
  },

  // tatsu-lab/stanford_alpaca, prompt without input; a system prompt takes the place of its first paragraph.
  alpaca: {
    text: `{% if messages[0].role != 'system' %}
{{ 'Below is an instruction that describes a task. Write a response that appropriately completes the request.' }}
{%- endif %}
{% for message in messages %}
{% if message.role == 'system' %}{{ message.content }}
{%- elif message.role == 'user' %}{{ '\\n\\n### Instruction:\\n' + message.content }}
{%- else %}{{ '\\n\\n### Response:\\n' + message.content }}
{%- endif %}
{% endfor %}
{% if add_generation_prompt %}{{ '\\n\\n### Response:\\n' }}{% endif %}`,
    turnMarkers: ['### Instruction:', '### Input:', '### Response:'],
  },

  'question-answer': {
    text: `{% for message in messages %}
{% if not loop.first %}{{ '\\n' }}{% endif %}
{%- if message.role == 'system' %}{{ message.content }}
{%- elif message.role == 'user' %}{{ '### Question: ' + message.content }}
{%- else %}{{ '### Answer: ' + message.content | trim }}
{%- endif %}
{% endfor %}
{% if add_generation_prompt %}{{ '\\n### Answer: ' }}{% endif %}`,
    turnMarkers: ['### Question:', '### Answer:'],
  },

  // Without the <|end|> of the model itself, as contracts.md and Raschka's "LLMs from scratch", chapter 7, have it.
  'phi-3': {
    text: `{% for message in messages %}
{% if not loop.first %}{{ '\\n' }}{% endif %}
{{- '<|' + message.role + '|>\\n' + message.content }}
{%- endfor %}
{% if add_generation_prompt %}{{ '\\n<|assistant|>\\n' }}{% endif %}`,
    turnMarkers: ['<|user|>', '<|system|>', '<|assistant|>', '<|end|>'],
  },

  // HuggingFaceH4/zephyr-7b-beta: a turn ends with the model's own end token.
  zephyr: {
    text: `{% for message in messages %}
{{ '<|' + message.role + '|>\\n' + message.content + eos_token + '\\n' }}
{%- endfor %}
{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}`,
    turnMarkers: ['<|user|>', '<|system|>', '<|assistant|>', '</s>'],
  },
};
