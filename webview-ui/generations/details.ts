import { html, nothing, type TemplateResult } from 'lit';
import { counted } from '../shared/format.ts';
import type { Sort } from '../shared/gridColumns.ts';
import '../shared/tokenTable.ts';
import './beamView.ts';
import type { ColumnDetail } from '../../src/protocol/panels/generations.ts';
import { isOpen, type PageContext, type ShownColumn, toggledDetail } from './context.ts';
import { generatedColumns, generatedRows } from './tokenColumns.ts';

/** What can be laid open of a column that has run: the table of its tokens, and how its beams lived and died. */
export function details(
  { column, result, tokens }: ShownColumn,
  context: PageContext,
): TemplateResult | typeof nothing {
  if (!result) return nothing;
  const { ui, change } = context;
  const disclosure = (detail: ColumnDetail, title: string): TemplateResult => {
    const open = isOpen(ui, column.id, detail);
    return html`
      <button class="disclosure" aria-expanded=${open} @click=${() => change(toggledDetail(ui, column.id, detail))}>
        <span class="codicon codicon-chevron-${open ? 'down' : 'right'}" aria-hidden="true"></span>
        <span>${title}</span>
      </button>
    `;
  };
  return html`
    ${
      result.beams.length > 0
        ? html`${disclosure('beams', `Beams, ${counted(result.beams.length, 'step')}`)}
            ${isOpen(ui, column.id, 'beams') ? html`<lm-beam-view .steps=${result.beams} .best=${result.branches[0]?.tokens.map(({ id }) => id) ?? []}></lm-beam-view>` : nothing}`
        : nothing
    }
    ${
      tokens.length > 0
        ? html`${disclosure('tokens', counted(tokens.length, 'token'))}
            ${isOpen(ui, column.id, 'tokens') ? table(tokens, context) : nothing}`
        : nothing
    }
  `;
}

function table(tokens: ShownColumn['tokens'], { ui, change }: PageContext): TemplateResult {
  return html`
    <lm-token-table
      .rows=${generatedRows(tokens)}
      .columns=${generatedColumns(tokens.length)}
      .sort=${ui.sort}
      .hiddenSteps=${ui.hiddenSteps}
      .onSort=${(sort: Sort) => change({ sort })}
    ></lm-token-table>
  `;
}
