import type { Role } from '../run/spec.ts';
import { RESPONSE_COLUMN } from './folder.ts';
import type { JudgeTask } from './request.ts';

/**
 * What a judge is asked where nobody writes a prompt of their own: Jinja over the columns that these roles name, with
 * `response` as the response that is judged. The wording is that of Raschka, Build a Large Language Model (From Scratch),
 * chapter 7, so that scores can be put beside those published with it.
 */
export function defaultJudgePrompt(roles: Readonly<Partial<Record<Role, string>>>): string {
  const has = (role: Role): boolean => roles[role] !== undefined;
  const asked = (['instruction', 'prompt', 'text'] as const).find(has);
  const correct = (['output', 'completion', 'chosen'] as const).find(has);
  const input = has('input') ? '{% if input %} {{ input }}{% endif %}' : '';
  const given = [
    ...(asked ? [`the input \`{{ ${asked} }}${input}\``] : []),
    ...(correct ? [`the correct output \`{{ ${correct} }}\``] : []),
  ];
  return [
    given.length > 0 ? `Given ${given.join(' and ')}, score` : 'Score',
    ' the model response `{{ response }}` on a scale from 0 to 100, where 100 is the best score. ',
    'Respond with the integer number only.',
  ].join('');
}

export const JUDGE_DEFAULTS: Omit<JudgeTask, 'judge'> = {
  prompt: null,
  columns: [RESPONSE_COLUMN],
  temperature: 0,
  seed: 123,
  concurrency: 2,
  retries: 3,
  timeoutSeconds: 120,
};

/** Mean scores that others have published, to see one's own beside them. */
export interface ReferenceLine {
  readonly name: string;
  readonly score: number;
  readonly source: string;
}

const RASCHKA = 'Raschka, Build a Large Language Model (From Scratch), chapter 7; judged by Llama 3 8B Instruct';

/** All on 110 held-out rows of the book’s instruction data: of other data they say little. */
export const JUDGE_REFERENCES: readonly ReferenceLine[] = [
  { name: 'GPT-2 medium, tuned on all tokens', score: 50.32, source: `${RASCHKA}; 49 to 52 from run to run` },
  { name: 'Llama 3 8B, base', score: 58.51, source: RASCHKA },
  { name: 'Llama 3 8B, instruct', score: 82.65, source: RASCHKA },
];

/** A server's address without what its protocol adds: an OpenAI address may be given with or without its `/v1`. */
export const judgeAddress = (given: string): string =>
  given
    .trim()
    .replace(/\/+$/, '')
    .replace(/\/v1(\/chat\/completions)?$|\/api(\/chat)?$/, '');
