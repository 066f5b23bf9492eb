import { html, type TemplateResult } from 'lit';
import type { ProblemKind } from '../../src/protocol/dataset.ts';
import { count } from '../shared/format.ts';
import { goToRow, type PageContext } from './context.ts';
import './problemList.ts';

const KINDS: Readonly<Record<ProblemKind, string>> = {
  empty: 'empty',
  'too-long': 'too long',
  'unknown-label': 'unknown label',
  duplicate: 'duplicate',
  'in-train-and-test': 'in train and test',
  malformed: 'malformed',
};

/** What is wrong with single rows; each leads to its row and line. */
export function problems(context: PageContext): TemplateResult {
  const { value } = context.snapshot.description;
  if (!value) return html`<p class="quiet">The rows have not been looked through.</p>`;
  const { problems: found, problemCount } = value;
  if (problemCount === 0) {
    return html`<p class="quiet"><span class="codicon codicon-check" aria-hidden="true"></span> Nothing is wrong with the rows.</p>`;
  }
  return html`
    <p class="quiet steady">${kindsLine(
      found.map(({ kind }) => kind),
      problemCount,
    )}</p>
    <lm-problem-list
      .problems=${found}
      .more=${problemCount - found.length}
      .onChoose=${(row: number, line: number | undefined) => goToRow(context, row, line)}
    ></lm-problem-list>
  `;
}

/** `12 duplicate · 2 empty`; where not all are told, of the first ones. */
function kindsLine(kinds: readonly ProblemKind[], all: number): string {
  const counts = new Map<ProblemKind, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const told = [...counts].sort(([, a], [, b]) => b - a).map(([kind, rows]) => `${count(rows)} ${KINDS[kind]}`);
  return `${all > kinds.length ? `of the first ${count(kinds.length)}: ` : ''}${told.join(' · ')}`;
}
