import { html, nothing, type TemplateResult } from 'lit';
import type { ProblemKind } from '../../src/protocol/dataset.ts';
import { count, counted } from '../shared/format.ts';
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
export function problems(context: PageContext): TemplateResult | typeof nothing {
  const { snapshot, look } = context;
  const { value } = snapshot.description;
  if (!value) return nothing;
  const { problems: found, problemCount } = value;
  const open = snapshot.view.problemsOpen;
  return html`
    <section class="part part-problems" aria-label="Problems">
      <h3>Problems</h3>
      <div class="part-body">
        ${
          problemCount === 0
            ? html`<span class="quiet"><span class="codicon codicon-check" aria-hidden="true"></span> None found</span>`
            : html`
                <button class="disclosure" aria-expanded=${open} @click=${() => look({ problemsOpen: !open })}>
                  <span class="codicon codicon-chevron-${open ? 'down' : 'right'}" aria-hidden="true"></span>
                  <span class="codicon codicon-warning" aria-hidden="true"></span>
                  <span>${counted(problemCount, 'problem')}</span>
                  <span class="quiet">${kindsLine(
                    found.map(({ kind }) => kind),
                    problemCount,
                  )}</span>
                </button>
                ${
                  open
                    ? html`<lm-problem-list .problems=${found} .more=${problemCount - found.length}
                        .onChoose=${(row: number, line: number | undefined) => goToRow(context, row, line)}></lm-problem-list>`
                    : nothing
                }
              `
        }
      </div>
    </section>
  `;
}

/** `12 duplicate · 2 empty`; where not all are told, of the first ones. */
function kindsLine(kinds: readonly ProblemKind[], all: number): string {
  const counts = new Map<ProblemKind, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const told = [...counts].sort(([, a], [, b]) => b - a).map(([kind, rows]) => `${count(rows)} ${KINDS[kind]}`);
  return `${all > kinds.length ? `of the first ${count(kinds.length)}: ` : ''}${told.join(' · ')}`;
}
