import { html, nothing, type TemplateResult } from 'lit';
import { batchDetail } from './batchDetail.ts';
import { classes } from './classes.ts';
import type { PageContext } from './context.ts';
import { lengths } from './lengths.ts';
import { encoding, preparation } from './preparation.ts';
import { preparationLine } from './preparationLine.ts';
import { problems } from './problems.ts';
import { rowDetail } from './rowDetail.ts';
import { split } from './split.ts';
import { failedLine, failedState, openingState, wantingLine, workingLine } from './states.ts';
import { steps } from './steps.ts';
import { tableView } from './tableView.ts';
import { toolbar } from './toolbar.ts';

/** The whole page, as the last snapshot has it. */
export function page(context: PageContext): TemplateResult {
  const { opened } = context.snapshot;
  return html`
    <div class="page">
      ${toolbar(context)}
      ${opened.value ? looking(context) : opened.error ? failedState(opened.error, context) : openingState(context)}
    </div>
  `;
}

/** What is set and what comes of it, above the rows or beside them; and what is laid open of them. */
function looking(context: PageContext): TemplateResult {
  const { opened, description } = context.snapshot;
  const working = opened.progress ?? description.progress;
  return html`
    ${working ? workingLine(working, context) : nothing}
    ${description.error ? failedLine(description.error, context) : nothing}
    ${description.value?.reason ? wantingLine(description.value.reason, context) : nothing}
    <div class="body">
      <div class="prepare ${context.snapshot.view.preparationOpen ? '' : 'closed'}">
        ${preparationLine(context)}
        <div class="prepare-body">
          ${preparation(context)} ${encoding(context)}
          <div class="pictures">${classes(context)} ${lengths(context)}</div>
          ${steps(context)} ${split(context)} ${problems(context)}
        </div>
      </div>
      <main class="looking">${tableView(context)} ${detail(context)}</main>
    </div>
  `;
}

function detail(context: PageContext): TemplateResult {
  const { view, chosenRow } = context.snapshot;
  const tab = (detail: 'row' | 'batch', title: string, meaning: string): TemplateResult => html`
    <button
      id=${`tab-${detail}`}
      class="tab"
      role="tab"
      aria-selected=${view.detail === detail}
      aria-controls="detail"
      tabindex=${view.detail === detail ? 0 : -1}
      title=${meaning}
      @click=${() => context.look({ detail })}
    >${title}</button>
  `;
  const other = view.detail === 'row' ? 'batch' : 'row';
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    context.look({ detail: other });
    const tabs = event.currentTarget as HTMLElement;
    tabs.querySelector<HTMLElement>(`#tab-${other}`)?.focus();
  };
  return html`
    <section class="detail">
      <div class="tabs" role="tablist" aria-label="Laid open" @keydown=${onKey}>
        ${tab('row', chosenRow === null ? 'Row' : `Row ${(chosenRow + 1).toLocaleString('en')}`, 'The chosen row, as the model is given it')}
        ${tab('batch', 'Batch', 'A training batch, as the model is given it')}
      </div>
      <div id="detail" class="detail-body" role="tabpanel" aria-labelledby=${`tab-${view.detail}`}>
        ${view.detail === 'row' ? rowDetail(context) : batchDetail(context)}
      </div>
    </section>
  `;
}
