import { html, nothing, type TemplateResult } from 'lit';
import { isCompared, isJudged, isLabelled, isLeftOut } from '../../../src/protocol/evaluation/rows.ts';
import type { ListedRow, RowKey } from '../../../src/protocol/panels/evaluation.ts';
import type { Direction } from '../../shared/gridColumns.ts';
import '../../shared/pagedGrid.ts';
import type { PageContext } from '../context.ts';
import { columnsOf, rowPixelsOf } from './columns.ts';
import { rowDetail } from './detail.ts';
import { filterBar } from './filterBar.ts';
import { nextSort } from './sorting.ts';

/** The rows that the filter finds, and the one that is laid open. */
export function rowsView(context: PageContext): TemplateResult {
  const { rows, rowsRevision, passing, ui, pass, ask, send } = context;
  const { sort } = ui.query;
  const choose = (row: ListedRow, how: 'passed' | 'chosen' | 'opened'): void => {
    pass({ row });
    const { line } = row.found;
    if (how !== 'passed' && line !== undefined) send({ type: 'reveal', line, open: how === 'opened' });
  };
  return html`
    <section class="rows" aria-label="Rows">
      ${filterBar(context)}
      ${
        rows.error
          ? html`<div class="notice failed" role="alert"><span class="codicon codicon-error" aria-hidden="true"></span>
              <span class="grow">${rows.error.message} <span class="quiet">${rows.error.remedy}</span></span></div>`
          : nothing
      }
      ${
        rows.total === 0
          ? html`<p class="no-rows quiet">No row is like that.</p>`
          : html`<lm-paged-grid
              .rows=${rows}
              .revision=${rowsRevision}
              .columns=${columnsOf(context)}
              .rowPixels=${rowPixelsOf(context)}
              .inOrder=${false}
              .sort=${sort && { column: sort.key, direction: sort.direction }}
              .chosen=${passing.row?.row ?? null}
              .goneTo=${passing.goneTo}
              .look=${lookOf}
              .onChoose=${choose}
              .onSort=${(name: RowKey, first: Direction) => ask({ sort: nextSort(sort, name, first) })}
            ></lm-paged-grid>`
      }
      ${passing.row ? rowDetail(passing.row.found, context) : nothing}
    </section>
  `;
}

function lookOf({ found }: ListedRow): string {
  if (isLeftOut(found)) return 'left-out';
  if (isLabelled(found)) return found.label === found.predicted ? 'right' : 'wrong';
  if (isJudged(found)) return found.score === null ? 'left-out' : '';
  return isCompared(found) ? 'compared' : '';
}
