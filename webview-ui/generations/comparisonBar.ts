import { html, nothing, type TemplateResult } from 'lit';
import { count, counted } from '../shared/format.ts';
import { type Comparison, compared } from './comparison.ts';
import type { PageContext, ShownColumn } from './context.ts';

/** Two columns side by side, and the marks of the tokens in which each differs. */
export interface ComparedColumns extends Comparison {
  readonly first: ShownColumn;
  readonly second: ShownColumn;
  readonly marks: Readonly<Record<string, ReadonlyMap<number, string>>>;
}

/** Undefined where there are no two columns with a text to compare. */
export function marksOf(columns: readonly ShownColumn[], ids: readonly string[]): ComparedColumns | undefined {
  const [first, second] = columns.filter(({ column }) => ids.includes(column.id));
  if (!first || !second || first.tokens.length === 0 || second.tokens.length === 0) return undefined;
  const texts = ({ tokens }: ShownColumn): string[] => tokens.map(({ text }) => text);
  const comparison = compared(texts(first), texts(second));
  const marks = {
    [first.column.id]: differing(comparison.onlyFirst),
    [second.column.id]: differing(comparison.onlySecond),
  };
  return { ...comparison, first, second, marks };
}

const differing = (tokens: ReadonlySet<number>): ReadonlyMap<number, string> =>
  new Map([...tokens].map(token => [token, 'differs']));

/** In words: how far two texts go together. */
export function comparisonBar(
  comparison: ComparedColumns | undefined,
  { snapshot, ui, change }: PageContext,
): TemplateResult | typeof nothing {
  if (ui.compared.length === 0) return nothing;
  const names = snapshot.columns.filter(({ id }) => ui.compared.includes(id)).map(({ name }) => name);
  return html`
    <div class="notice comparison" role="status">
      <span class="codicon codicon-diff" aria-hidden="true"></span>
      <span class="grow"><b>${names.join(' | ')}</b> ${comparison ? summary(comparison) : waiting(names.length)}</span>
      <button class="icon" aria-label="End the comparison" title="End the comparison" @click=${() => change({ compared: [] })}>
        <span class="codicon codicon-close" aria-hidden="true"></span>
      </button>
    </div>
  `;
}

const waiting = (columns: number): string =>
  columns < 2 ? 'Choose the column to compare it with.' : 'Run both columns to compare their texts.';

function summary({ first, second, sameStart, alike }: ComparedColumns): string {
  const [a, b] = [first.tokens.length, second.tokens.length];
  if (alike === a && alike === b) return `are the same ${counted(a, 'token')}.`;
  const start =
    sameStart === 0 ? 'differ from the first token on' : `begin with the same ${counted(sameStart, 'token')}`;
  return `${start}; ${count(alike)} of ${a === b ? count(a) : `${count(a)} and ${count(b)}`} tokens are shared in order.`;
}
