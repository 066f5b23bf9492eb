import { html, nothing, type TemplateResult } from 'lit';
import type { DatasetView } from '../../src/protocol/panels/dataset.ts';
import { count } from '../shared/format.ts';
import { batchDetail } from './batchDetail.ts';
import type { PageContext } from './context.ts';
import { problems } from './problems.ts';
import { rowDetail } from './rowDetail.ts';

type Detail = DatasetView['detail'];

const CONTENTS: Readonly<Record<Detail, (context: PageContext) => TemplateResult>> = {
  row: rowDetail,
  batch: batchDetail,
  problems,
};
const DETAILS = Object.keys(CONTENTS) as Detail[];

/** What is laid open under the rows: one of them, a batch, or what is wrong with them. */
export function detail(context: PageContext): TemplateResult {
  const { view, chosenRow, description } = context.snapshot;
  const tab = (detail: Detail, title: unknown, meaning: string): TemplateResult => html`
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
  const found = description.value?.problemCount ?? 0;
  return html`
    <section class="detail" aria-label="Laid open">
      <div class="tabs" role="tablist" aria-label="What is laid open" @keydown=${(event: KeyboardEvent) => onKey(event, context)}>
        ${tab('row', chosenRow === null ? 'Row' : `Row ${count(chosenRow + 1)}`, 'The chosen row, as the model is given it')}
        ${tab('batch', 'Batch', 'A training batch, as the model is given it')}
        ${tab('problems', html`Problems ${found > 0 ? html`<span class="badge">${count(found)}</span>` : nothing}`, 'What is wrong with single rows')}
      </div>
      <div id="detail" class="detail-body" role="tabpanel" aria-labelledby=${`tab-${view.detail}`}>
        ${
          description.error
            ? html`<p class="quiet">Nothing can be shown here until what is wrong above is put right.</p>`
            : CONTENTS[view.detail](context)
        }
      </div>
    </section>
  `;
}

/** Arrows go from tab to tab. */
function onKey(event: KeyboardEvent, { snapshot, look }: PageContext): void {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by === undefined) return;
  const next = DETAILS.at((DETAILS.indexOf(snapshot.view.detail) + by) % DETAILS.length) ?? 'row';
  look({ detail: next });
  (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`#tab-${next}`)?.focus();
}
