import type { MethodName, Role } from '../protocol/run/spec.ts';
import type { Column } from './table.ts';

export type Roles = Readonly<Partial<Record<Role, string>>>;

/** Names that a role's column usually bears, the likeliest first. */
const NAMES: Readonly<Record<Role, readonly string[]>> = {
  text: ['text', 'sentence', 'review', 'content', 'sms', 'tweet', 'message', 'body', 'document', 'comment', 'story'],
  label: ['label', 'labels', 'class', 'category', 'sentiment', 'target', 'spam', 'stars'],
  prompt: ['prompt', 'question', 'query'],
  completion: ['completion', 'response', 'answer', 'reply'],
  instruction: ['instruction'],
  input: ['input', 'context'],
  output: ['output', 'response', 'answer', 'completion'],
  messages: ['messages', 'conversations', 'conversation', 'chat', 'dialog', 'dialogue'],
  chosen: ['chosen'],
  rejected: ['rejected'],
  responses: ['responses', 'completions', 'answers'],
  scores: ['scores', 'rewards', 'ratings'],
};

/** What a column must hold to be guessed; other columns of the name are left alone. */
const KINDS: Readonly<Partial<Record<Role, readonly Column['kind'][]>>> = {
  messages: ['messages'],
  responses: ['list'],
  scores: ['list'],
  label: ['label', 'boolean', 'number', 'text'],
};
const TEXTS: readonly Column['kind'][] = ['text', 'label', 'number', 'empty'];
const PREFERENCES: readonly Column['kind'][] = [...TEXTS, 'messages'];

/** The columns' roles: those given, and for the others what names, then kinds suggest. */
export function guessRoles(columns: readonly Column[], given: Roles): Roles {
  const roles: Partial<Record<Role, string>> = {};
  const byName = (role: Role): void => {
    const taken = new Set(Object.values({ ...roles, ...given }));
    const kinds = KINDS[role] ?? (role === 'chosen' || role === 'rejected' ? PREFERENCES : TEXTS);
    const fits = ({ name, kind }: Column): boolean => kinds.includes(kind) && !taken.has(name);
    for (const wanted of NAMES[role]) {
      const column = columns.find(column => column.name.trim().toLowerCase() === wanted && fits(column));
      if (!column) continue;
      roles[role] = column.name;
      return;
    }
  };
  const has = (role: Role): boolean => (given[role] ?? roles[role]) !== undefined;
  const guess = (...names: readonly Role[]): void => {
    for (const role of names) if (given[role] === undefined) byName(role);
  };
  guess('messages', 'chosen', 'rejected', 'responses', 'scores', 'instruction');
  if (has('instruction')) guess('output', 'input');
  else {
    guess('prompt');
    if (has('prompt')) guess('completion');
  }
  guess('label', 'text');
  return { ...roles, ...byKind(columns, { ...roles, ...given }), ...given };
}

/** Labels and texts by what they hold, where no name told; with labels the longest text is the text. */
function byKind(columns: readonly Column[], known: Roles): Roles {
  if (Object.keys(known).some(role => role !== 'label' && role !== 'text')) return {};
  const free = columns.filter(({ name }) => !Object.values(known).includes(name));
  const messages = free.filter(({ kind }) => kind === 'messages');
  if (messages.length === 1 && messages[0] && Object.keys(known).length === 0) return { messages: messages[0].name };
  const labels = free.filter(({ kind, distinct }) => kind === 'label' && distinct !== null && distinct > 1);
  const texts = free.filter(({ kind }) => kind === 'text').sort((a, b) => b.meanLength - a.meanLength);
  const guessed: Partial<Record<Role, string>> = {};
  if (!known.label && labels.length === 1 && labels[0]) guessed.label = labels[0].name;
  const labelled = known.label ?? guessed.label;
  const only = texts.length === 1 || labelled !== undefined ? texts[0] : undefined;
  if (!known.text) {
    if (only) guessed.text = only.name;
    else if (columns.length === 1 && columns[0]) return { text: columns[0].name };
  }
  return guessed;
}

/** What one would train with columns in these roles; null where they fit no method. */
export function guessMethod(roles: Roles): MethodName | null {
  if (roles.chosen !== undefined && roles.rejected !== undefined) return 'dpo';
  if (roles.responses !== undefined) return 'reward';
  if (roles.messages !== undefined) return 'sft';
  if (roles.instruction !== undefined && roles.output !== undefined) return 'sft';
  if (roles.prompt !== undefined && roles.completion !== undefined) return 'sft';
  if (roles.text !== undefined && roles.label !== undefined) return 'classification';
  if (roles.text !== undefined) return 'lm';
  return roles.prompt !== undefined ? 'ppo' : null;
}
