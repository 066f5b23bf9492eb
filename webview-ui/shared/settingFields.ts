import type { OptionName } from '../../src/protocol/decodingOptions.ts';

export interface SettingField {
  readonly name: OptionName;
  readonly title: string;
  /** What it does, in a sentence. */
  readonly meaning: string;
  /** How its value is written. */
  readonly kind: 'number' | 'yes' | 'past context' | 'texts' | 'ids' | 'biases';
  /** What an empty field means. */
  readonly absent: string;
  /** Of the arrows of a number's field. */
  readonly step?: number;
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly SettingField[];
}

const number = (name: OptionName, title: string, absent: string, step: number, meaning: string): SettingField => ({
  name,
  title,
  meaning,
  kind: 'number',
  absent,
  step,
});

/** Every option of decoding, as a form shows them. */
export const FIELD_GROUPS: readonly FieldGroup[] = [
  {
    title: 'Length',
    fields: [
      number('maxNewTokens', 'new tokens', '', 10, 'Generation ends after so many tokens.'),
      {
        name: 'pastContext',
        title: 'past the context',
        meaning: 'At the end of the model’s context: stop, or read the newest half anew and go on.',
        kind: 'past context',
        absent: 'stop',
      },
    ],
  },
  {
    title: 'Sampling',
    fields: [
      number(
        'temperature',
        'temperature',
        '1',
        0.1,
        'Logits are divided by it: below 1 likely tokens gain, above 1 unlikely ones.',
      ),
      number('topK', 'top-k', 'off', 10, 'Only the k likeliest tokens are drawn from.'),
      number(
        'topP',
        'top-p',
        'off',
        0.05,
        'Nucleus sampling: the likeliest tokens that together reach this probability are drawn from.',
      ),
      number(
        'minP',
        'min-p',
        'off',
        0.01,
        'Tokens are drawn from that reach this share of the likeliest one’s probability.',
      ),
      number(
        'typicalP',
        'typical-p',
        'off',
        0.05,
        'Tokens whose surprisal is nearest to the entropy are drawn from, until they reach this probability.',
      ),
      number('count', 'samples', '1', 1, 'How many texts are drawn.'),
      number('seed', 'seed', 'random', 1, 'The same seed draws the same texts.'),
    ],
  },
  {
    title: 'Beam search',
    fields: [
      number('beams', 'beams', '', 1, 'How many texts are kept at each step.'),
      number('returned', 'returned', '1', 1, 'How many of the beams are shown in the end, best first.'),
      number(
        'lengthPenalty',
        'length penalty',
        '1',
        0.1,
        'Scores are the log-probability over the length to this power: higher favours longer texts.',
      ),
      {
        name: 'earlyStopping',
        title: 'early stopping',
        meaning: 'The search ends as soon as as many texts have ended as there are beams.',
        kind: 'yes',
        absent: '',
      },
    ],
  },
  {
    title: 'Repetition',
    fields: [
      number('repetitionPenalty', 'penalty', 'off', 0.1, 'Above 1: tokens that have stood before become less likely.'),
      number('noRepeatNgram', 'no repeat of', 'off', 1, 'No run of so many tokens comes twice.'),
    ],
  },
  {
    title: 'Tokens',
    fields: [
      {
        name: 'stop',
        title: 'stop at',
        meaning: 'Texts that end generation, one a line; \\n stands for a line end.',
        kind: 'texts',
        absent: 'nothing',
      },
      {
        name: 'ban',
        title: 'ban',
        meaning: 'Ids of tokens that never come, with commas between.',
        kind: 'ids',
        absent: 'ids, such as 198, 50256',
      },
      {
        name: 'bias',
        title: 'bias',
        meaning: 'Numbers that are added to the logits of tokens: id and number, such as 318: -2, with commas between.',
        kind: 'biases',
        absent: 'such as 318: -2',
      },
    ],
  },
];
