import { html, nothing, type TemplateResult } from 'lit';
import { textOf, tokensOf } from '../../src/protocol/branches.ts';
import type { ColumnResult } from '../../src/protocol/panels/generations.ts';
import { counted } from '../shared/format.ts';
import { type BranchRow, branchRows } from './branchRows.ts';
import { oneLine } from '../shared/whitespace.ts';
import type { PageContext } from './context.ts';
import { logProbability } from './figures.ts';
import { leadOf } from './lead.ts';

/** The samples or beams and the branches that left them, as a tree. The one that is read is marked. */
export function branchTree(
  column: string,
  result: ColumnResult,
  { send }: PageContext,
): TemplateResult | typeof nothing {
  if (result.branches.length < 2) return nothing;
  const rows = branchRows(result.branches);
  const select = (branch: number): void => send({ type: 'selectBranch', column, branch });
  const onKey = (event: KeyboardEvent): void => {
    const at = rows.findIndex(({ branch }) => branch.id === result.selected);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) {
      const row = rows[Math.min(rows.length - 1, Math.max(0, to))];
      if (row) select(row.branch.id);
    } else if (event.key === 'Delete' && rows[at]?.branch.parent !== null) {
      send({ type: 'removeBranch', column, branch: result.selected });
    } else if (event.key === 'ArrowLeft') {
      const parent = rows[at]?.branch.parent ?? null;
      if (parent !== null) select(parent);
    } else return;
    event.preventDefault();
  };
  return html`
    <h3>${counted(result.branches.length, 'text')}</h3>
    <div class="tree" role="tree" tabindex="0" aria-label="Texts and their branches"
      aria-activedescendant=${rowId(column, result.selected)} @keydown=${onKey}>
      <div class="tree-row root quiet" role="presentation">● <span class="branch-text token-text">${leadOf(result.prompt) || 'an empty prompt'}</span></div>
      ${rows.map(row => branchRow(row, column, result, select))}
    </div>
  `;
}

const rowId = (column: string, branch: number): string => `branch-${column}-${branch}`;

function branchRow(
  { branch, level, guides, isLast }: BranchRow,
  column: string,
  { branches, selected }: ColumnResult,
  select: (branch: number) => void,
): TemplateResult {
  const tokens = tokensOf(branches, branch.id);
  const mean = logProbability(tokens) / tokens.length;
  const here = branch.id === selected;
  const running = branch.state === 'running' || branch.state === 'waiting';
  return html`
    <div
      id=${rowId(column, branch.id)}
      class="tree-row ${here ? 'selected' : ''}"
      role="treeitem"
      aria-level=${level}
      aria-selected=${here}
      @click=${() => select(branch.id)}
    >
      ${guides.map(goesOn => html`<span class="guide ${goesOn ? 'goes-on' : ''}"></span>`)}
      <span class="guide ${isLast ? 'last' : 'fork'}"></span>
      <span class="branch-text token-text">${branch.parent === null ? '' : '…'}${oneLine(textOf(branch.tokens).slice(0, 200)).trim()}</span>
      <span class="number quiet" title="Mean log-probability of a token of the whole text">${
        running
          ? html`<span class="codicon codicon-loading codicon-modifier-spin" aria-label="under way"></span>`
          : Number.isFinite(mean)
            ? mean.toFixed(2).replace('-', '−')
            : ''
      }</span>
      <span class="marker-here" aria-hidden="true">${here ? '◄' : ''}</span>
    </div>
  `;
}
