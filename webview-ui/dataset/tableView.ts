import type { DatasetRow } from '../../src/protocol/dataset.ts';
import { ownFileOfPart } from '../../src/protocol/panels/dataset.ts';
import { html, nothing, type TemplateResult } from 'lit';
import { counted } from '../shared/format.ts';
import { columnsOf, type PageContext, rolesOf } from './context.ts';
import { stepsOf } from './edits.ts';
import '../shared/pagedGrid.ts';
import { numberColumn, PREPARED_COLUMNS, tableColumns } from './tableColumns.ts';

/** The rows, those of a part, or those after a step; what is shown is said where it is not all. */
export function tableView(context: PageContext): TemplateResult {
  const { snapshot, rows, rowsRevision, passing } = context;
  const { shown, description } = snapshot;
  return html`
    ${shownLine(context)}
    ${
      rows.error && !description.error
        ? html`<div class="notice failed" role="alert">
            <span class="codicon codicon-error" aria-hidden="true"></span>
            <span class="grow">${rows.error.message} <span class="quiet">${rows.error.remedy}</span></span>
          </div>`
        : nothing
    }
    ${
      rows.total === 0
        ? html`<p class="no-rows quiet">${shown.part ? `No row is in ${shown.part}.` : 'There are no rows.'}</p>`
        : html`
            <lm-paged-grid
              .rows=${rows}
              .revision=${rowsRevision}
              .columns=${[
                numberColumn(rows.total ?? 0),
                ...tableColumns(rows.last?.columns ?? [], columnsOf(snapshot), rolesOf(snapshot)),
                ...(shown.afterSteps === null ? PREPARED_COLUMNS : []),
              ]}
              .chosen=${snapshot.chosenRow}
              .goneTo=${passing.goneTo}
              .onChoose=${(row: DatasetRow, how: 'passed' | 'chosen' | 'opened') => choose(row, how, context)}
            ></lm-paged-grid>
          `
    }
  `;
}

/** Lays the row open, and shows its line in the editor of the file unless the keyboard only goes over it. */
function choose({ row, line }: DatasetRow, how: 'passed' | 'chosen' | 'opened', { snapshot, send }: PageContext): void {
  if (ownFileOfPart(snapshot) === null) send({ type: 'chooseRow', row });
  if (how !== 'passed' && line !== undefined && snapshot.hasLines)
    send({ type: 'reveal', line, open: how === 'opened' });
}

function shownLine({ snapshot, rows, send }: PageContext): TemplateResult | typeof nothing {
  const { part, afterSteps } = snapshot.shown;
  if (part === null && afterSteps === null) return nothing;
  const all = stepsOf(snapshot.request).length;
  const what =
    part !== null
      ? `the ${part} rows`
      : afterSteps === 0
        ? 'the file, before any step'
        : `after step ${afterSteps} of ${all}`;
  return html`
    <div class="notice shown-rows">
      <span class="codicon codicon-eye" aria-hidden="true"></span>
      <span class="grow">Shown: ${what}${rows.total === null ? '' : html` <span class="quiet">${counted(rows.total, 'row')}</span>`}</span>
      <button class="link" @click=${() => send({ type: 'show', shown: { part: null, afterSteps: null } })}>Show all rows</button>
    </div>
  `;
}
