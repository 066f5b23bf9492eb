import type { Alternative, NextTokens, ScoredToken } from '../../protocol/engine.ts';
import { ordinal, percent } from '../format.ts';
import { bar, commandLink, tokenMarkdown } from './markdown.ts';

/** Writes a token over a range of a document: see commands/writeToken.ts. */
export interface WriteToken {
  readonly uri: string;
  /** The version that the offsets are of. */
  readonly version: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Where a click on a token writes it. */
export type WriteTarget = Omit<WriteToken, 'text'>;

const PREFERRED = 5;
const BAR_CELLS = 28;
const CONTEXT_TOKENS = 6;

/** A scored token's figures in its text, and what the model preferred, each a link that replaces it. */
export function scoredTokenMarkdown(token: ScoredToken, target: WriteTarget): string {
  const { probability, rank, surprisal, entropy, top = [] } = token;
  const title = `**${tokenMarkdown(token.text)}** \`${token.id}\``;
  if (probability === null || rank === null)
    return `${title} — the first token of its text: nothing before it, so not scored`;
  const figures = [percent(probability), ordinal(rank), `${bits(surprisal)} bits`, `entropy ${bits(entropy)} bits`];
  const rather = top
    .filter(({ id }) => id !== token.id)
    .slice(0, PREFERRED)
    .map(one => `${link(one, target, 'Replace')} ${percent(one.probability)}`);
  return [
    `${title} given its scored text alone: ${figures.join(' · ')}`,
    rather.length > 0 && `write instead: ${rather.join(' · ')}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

const bits = (value: number | null): string => (value ?? 0).toFixed(1);

/**
 * The likeliest next tokens as a table; a click on one writes it. Bars are relative to the likeliest. Its head, which
 * is in sight however long the table is, tells the token that stands there in the text.
 *
 * @param scored whether the token's score is told beside: it is of the scored text alone, and this of all that stands
 * before it in the file
 */
export function predictionsMarkdown({ predictions, actual }: NextTokens, target: WriteTarget, scored: boolean): string {
  const likeliest = predictions[0]?.probability ?? 1;
  const verb = target.start === target.end ? 'Insert' : 'Replace by';
  const head = actual
    ? row(
        `${ordinal(actual.rank)} likeliest${scored ? ', given all before it' : ''}`,
        percent(actual.probability),
        tokenMarkdown(actual.text),
        actual.id,
      )
    : row('', '', 'next token', 'id');
  const rows = predictions.map(one =>
    row(bar(one.probability / likeliest, BAR_CELLS), percent(one.probability), link(one, target, verb), one.id),
  );
  return [head, '|:--|--:|:--|--:|', ...rows].join('\n');
}

/** A hover's table has no room between its columns but what stands in them. */
const row = (bar: string, probability: string, token: string, id: number | string): string =>
  `| ${bar} | &nbsp;&nbsp;${probability}&nbsp;&nbsp; | ${token} | &nbsp;&nbsp;&nbsp;${id} |`;

/** The last tokens of what the model was given, as the tokenizer cut them. */
export function contextMarkdown({ context: { tokens } }: NextTokens): string {
  const last = tokens.slice(-CONTEXT_TOKENS).map(({ text, id }) => `${tokenMarkdown(text)} <sub>${id}</sub>`);
  return `after ${tokens.length > CONTEXT_TOKENS ? '… ' : ''}${last.join(' │ ')}`;
}

/** A token as a link that writes it; a token that holds part of a character can't be written, and is plain. */
function link({ text, id }: Alternative, target: WriteTarget, verb: string): string {
  const shown = tokenMarkdown(text);
  if (text.includes('\uFFFD')) return shown;
  const argument: WriteToken = { ...target, text };
  return commandLink(shown, 'lmLab.writeToken', argument, `${verb} token ${id}`);
}
