import type { Roles } from '../../data/roles.ts';
import { type Cell, isMissing } from '../../data/table.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { MethodName, Role, RunSpec } from '../../protocol/run/spec.ts';
import type { Conversations, Piece } from './conversations.ts';
import { lastTurn } from './dialogues.ts';
import { asked, type Prompt } from './prompts.ts';
import type { RoleRow } from './row.ts';

/** A sequence before it is encoded. */
export interface SequenceText {
  /** Such as `chosen`, or the label whose word it ends with. */
  readonly name?: string;
  readonly pieces: readonly Piece[];
}

/** What a row is for a method: its sequences in their order, and its label where the method has labels. */
export interface RowTexts {
  readonly sequences: readonly SequenceText[];
  readonly label?: string;
}

/** Why a row is left out. */
export interface LeftOut {
  readonly leftOut: string;
}

export const isLeftOut = <T extends object>(value: T | LeftOut): value is LeftOut => 'leftOut' in value;

/** What the texts of rows are made with. */
export interface Making {
  readonly roles: Roles;
  readonly prompt: Prompt;
  readonly conversations: Conversations;
  readonly labelWords: Readonly<Record<string, string>> | null;
  /** Whether a row must have a label. */
  readonly labelled: boolean;
}

/** What a method makes of a row. */
export interface MethodData {
  /** Sets of roles, one of which there must be; a role with bars stands for any of several. */
  readonly needs: (spec: RunSpec) => ReadonlyArray<readonly string[]>;
  readonly texts: (row: RoleRow, making: Making) => RowTexts | LeftOut;
  readonly scored: 'completion' | 'all' | 'none';
  /** Whether `training.endToken` holds. */
  readonly ended: boolean;
}

const ASKED = 'prompt|instruction';
const ANSWER = 'completion|output';
const TEXT = 'text|prompt|instruction';

const answerOf = (row: RoleRow): string | undefined => row.text('output') ?? row.text('completion');
const one = (...pieces: Piece[]): RowTexts => ({ sequences: [{ pieces }] });
const empty = (role: string): LeftOut => ({ leftOut: `its ${role} is empty` });

/** By roles, the first that the columns have: a conversation, a prompt with its completion, a text. */
function written(row: RoleRow, { roles, prompt, conversations }: Making): RowTexts | LeftOut {
  if (roles.messages !== undefined) return conversation(row, conversations);
  if (roles.output !== undefined || roles.completion !== undefined) {
    const completion = answerOf(row);
    if (completion === undefined) return empty(roles.output === undefined ? 'completion' : 'output');
    return one({ text: prompt(row), part: 'prompt' }, { text: completion, part: 'completion' });
  }
  const text = row.text('text');
  return text === undefined ? empty('text') : one({ text, part: 'completion' });
}

function conversation(row: RoleRow, { pieces }: Conversations): RowTexts | LeftOut {
  const messages = row.cell('messages');
  if (messages === undefined) return empty('conversation');
  try {
    const made = pieces(messages);
    return made.length === 0 ? { leftOut: 'the assistant says nothing in it' } : { sequences: [{ pieces: made }] };
  } catch (error) {
    return unlessOfTheRow(error);
  }
}

/** What is wrong with one conversation leaves that row out; a template that can't be used at all is thrown. */
function unlessOfTheRow(error: unknown): LeftOut {
  if (
    error instanceof Reasoned &&
    ['messages-invalid', 'template-refuses', 'template-not-incremental'].includes(error.code)
  )
    return { leftOut: error.message };
  throw error;
}

/** A prompt with each label's word. */
function withLabelWords(row: RoleRow, words: Readonly<Record<string, string>>, { prompt }: Making): RowTexts | LeftOut {
  const [asked, label] = [prompt(row), row.text('label')];
  if (label === undefined) return empty('label');
  if (asked === '') return empty('prompt');
  const sequences = Object.entries(words).map(([name, word]) => ({
    name,
    pieces: [{ text: asked, part: 'prompt' } as const, { text: word, part: 'completion' } as const],
  }));
  return { sequences, label };
}

function labelledText(row: RoleRow): RowTexts | LeftOut {
  const [text, label] = [row.text('text') ?? asked(row), row.text('label')];
  if (text.trim() === '') return empty('text');
  if (label === undefined) return empty('label');
  return { ...one({ text, part: 'prompt' }), label };
}

function pair(row: RoleRow, making: Making): RowTexts | LeftOut {
  const sequences: SequenceText[] = [];
  for (const role of ['chosen', 'rejected'] as const) {
    const answer = row.cell(role);
    if (answer === undefined) return empty(role);
    const pieces = answered(row, answer, making);
    if (isLeftOut(pieces)) return pieces;
    sequences.push({ name: role, pieces });
  }
  const [chosen, rejected] = sequences.map(({ pieces: [prompt] }) => prompt?.text);
  return chosen === rejected ? { sequences } : { leftOut: 'its answers follow different conversations' };
}

/** A prompt with an answer: a text, which may be a whole dialogue where there is no prompt, or messages, which may hold it too. */
function answered(row: RoleRow, answer: Cell, { prompt, conversations, roles }: Making): readonly Piece[] | LeftOut {
  if (!Array.isArray(answer)) {
    const asked = promptText(row, { prompt, conversations, roles });
    if (typeof asked !== 'string') return asked;
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    const said = asked === '' ? lastTurn(text) : { asked, answer: text };
    if (asked === '' && said.answer.trim() === '') return { leftOut: 'the assistant says nothing in it' };
    return [
      { text: said.asked, part: 'prompt' },
      { text: said.answer, part: 'completion' },
    ];
  }
  try {
    const before = row.cell('prompt') ?? row.cell('messages');
    const whole = Array.isArray(before) ? [...before, ...answer] : answer;
    const pieces = conversations.pieces(whole);
    const last = pieces.at(-1);
    if (!last) return { leftOut: 'the assistant says nothing in it' };
    const asked = pieces.slice(0, -1).map(({ text }) => text);
    return [{ text: asked.join(''), part: 'prompt' }, last];
  } catch (error) {
    return unlessOfTheRow(error);
  }
}

/** Answers best first. */
function ranked(row: RoleRow, making: Making): RowTexts | LeftOut {
  const responses = bestFirst(row);
  if (isLeftOut(responses)) return responses;
  return compared(
    responses.map((answer, index) => ({ name: `rank ${index + 1}`, answer })),
    row,
    making,
  );
}

/** The best answer as the chosen one, and the worst as the rejected one. */
function bestAndWorst(row: RoleRow, making: Making): RowTexts | LeftOut {
  const responses = bestFirst(row);
  if (isLeftOut(responses)) return responses;
  const [chosen, rejected] = [responses[0] as Cell, responses.at(-1) as Cell];
  return compared(
    [
      { name: 'chosen', answer: chosen },
      { name: 'rejected', answer: rejected },
    ],
    row,
    making,
  );
}

function compared(
  answers: ReadonlyArray<{ readonly name: string; readonly answer: Cell }>,
  row: RoleRow,
  making: Making,
): RowTexts | LeftOut {
  const sequences: SequenceText[] = [];
  for (const { name, answer } of answers) {
    const pieces = answered(row, answer, making);
    if (isLeftOut(pieces)) return pieces;
    sequences.push({ name, pieces });
  }
  return { sequences };
}

/**
 * Responses as they stand, or by falling scores. Of equal scores neither is preferred: the first stands for all that
 * have that score.
 */
function bestFirst(row: RoleRow): readonly Cell[] | LeftOut {
  const responses = row.cell('responses');
  if (!Array.isArray(responses) || responses.length < 2) return { leftOut: 'it has fewer than two responses' };
  if (responses.some(isMissing)) return { leftOut: 'one of its responses is empty' };
  const scores = row.cell('scores');
  if (scores === undefined) return responses;
  if (!(Array.isArray(scores) && scores.length === responses.length && scores.every(Number.isFinite)))
    return { leftOut: 'its scores are not one number for each response' };
  const order = [...responses.keys()]
    .filter(index => scores.indexOf(scores[index] as Cell) === index)
    .sort((a, b) => Number(scores[b]) - Number(scores[a]));
  if (order.length < 2) return { leftOut: 'its responses have equal scores: none is preferred' };
  return order.map(index => responses[index] as Cell);
}

/** What the model reads before it answers. */
function promptText(
  row: RoleRow,
  { prompt, conversations, roles }: Pick<Making, 'prompt' | 'conversations' | 'roles'>,
): string | LeftOut {
  if (roles.messages === undefined) return prompt(row);
  try {
    return conversations.prompt(row.cell('messages'));
  } catch (error) {
    return unlessOfTheRow(error);
  }
}

function promptAlone(row: RoleRow, making: Making): RowTexts | LeftOut {
  const label = row.text('label');
  const text = promptText(row, making);
  if (typeof text !== 'string') return text;
  if (text === '') return empty('prompt');
  if (label === undefined && making.labelled) return empty('label');
  return label === undefined ? one({ text, part: 'prompt' }) : { ...one({ text, part: 'prompt' }), label };
}

const hasPairs = ({ roles }: Making): boolean => roles.chosen !== undefined || roles.responses === undefined;

const PREFERENCES = [['chosen', 'rejected'], ['responses']] as const;

export const methodData: Readonly<Record<MethodName, MethodData>> = {
  lm: {
    needs: () => [['text'], ['messages'], [ASKED, ANSWER]],
    texts: (row, making) => (making.roles.text === undefined ? written(row, making) : textOf(row)),
    scored: 'all',
    ended: true,
  },
  sft: {
    needs: ({ sft }) => (sft.labelWords ? [[TEXT, 'label']] : [['messages'], [ASKED, ANSWER], ['text']]),
    texts: (row, making) => (making.labelWords ? withLabelWords(row, making.labelWords, making) : written(row, making)),
    scored: 'completion',
    ended: true,
  },
  classification: {
    needs: () => [[TEXT, 'label']],
    texts: labelledText,
    scored: 'none',
    ended: false,
  },
  reward: {
    needs: () => PREFERENCES,
    texts: (row, making) => (making.roles.responses === undefined ? pair(row, making) : ranked(row, making)),
    scored: 'none',
    ended: false,
  },
  dpo: {
    needs: () => PREFERENCES,
    texts: (row, making) => (hasPairs(making) ? pair(row, making) : bestAndWorst(row, making)),
    scored: 'completion',
    ended: true,
  },
  ppo: {
    needs: ({ ppo }) => {
      const label = ppo.rewardRule && 'label' in ppo.rewardRule ? ['label'] : [];
      return [
        [TEXT, ...label],
        ['messages', ...label],
      ];
    },
    texts: promptAlone,
    scored: 'none',
    ended: false,
  },
};

function textOf(row: RoleRow): RowTexts | LeftOut {
  const text = row.text('text');
  return text === undefined ? empty('text') : one({ text, part: 'completion' });
}

/**
 * Throws `column-missing` where the columns have not what the method needs. A template of one's own stands in for a
 * prompt: it may take it from any column.
 */
export function requireRoles(spec: RunSpec, roles: Roles, columns: readonly string[]): void {
  const ownPrompt = /\{[{%#]/.test(spec.dataset.template ?? '') && roles.messages === undefined;
  const lacks = (names: string): boolean => {
    const alternatives = names.split('|') as Role[];
    if (ownPrompt && (alternatives.includes('prompt') || alternatives.includes('text'))) return false;
    return alternatives.every(role => roles[role] === undefined);
  };
  const ways = methodData[spec.method].needs(spec);
  if (ways.some(needed => !needed.some(lacks))) return;
  const begun = ways.filter(needed => !needed.every(lacks)).map(needed => needed.filter(lacks));
  const wanted = (begun.length > 0 ? begun : ways).map(needed => needed.map(names => names.split('|').join(' or ')));
  throw new Reasoned(
    'column-missing',
    `method "${spec.method}" needs a column for ${wanted.map(names => names.join(' and for ')).join(', else for ')}, and none of ${columns.join(', ')} is known to be one.`,
    `Say in dataset.columns which column is the ${wanted[0]?.[0]?.split(' or ')[0]}, or choose another method.`,
  );
}
