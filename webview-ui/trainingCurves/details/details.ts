import { html, nothing, type TemplateResult } from 'lit';
import type { Detail, PageContext } from '../context.ts';
import { results } from './results.ts';
import { samples } from './samples.ts';
import { settings } from './settings.ts';
import { valuesTable } from './valuesTable.ts';

interface Section {
  readonly id: Detail;
  readonly title: string;
  readonly there: boolean;
  readonly view: (context: PageContext) => TemplateResult;
}

/** What stands under the plots: samples, results, settings and values, one at a time. */
export function details(context: PageContext): TemplateResult | typeof nothing {
  const { runs, store, ui, change } = context;
  const sections: Section[] = [
    {
      id: 'samples',
      title: 'Samples',
      there: runs.some(({ folder }) => store.samples(folder).length > 0),
      view: samples,
    },
    { id: 'results', title: 'Results', there: runs.some(({ result }) => result !== null), view: results },
    { id: 'settings', title: runs.length > 1 ? 'Settings compared' : 'Settings', there: true, view: settings },
    {
      id: 'values',
      title: 'Values',
      there: runs.some(({ folder }) => store.metrics(folder).length > 0),
      view: valuesTable,
    },
  ];
  const present = sections.filter(({ there }) => there);
  const open = present.find(({ id }) => id === ui.detail) ?? present[0];
  if (!open) return nothing;
  return html`
    <div class="tabs" role="tablist" @keydown=${(event: KeyboardEvent) => onTabKey(event, present, open, change)}>
      ${present.map(
        ({ id, title }) => html`
          <button
            role="tab"
            id=${`tab-${id}`}
            aria-selected=${id === open.id}
            aria-controls="detail"
            tabindex=${id === open.id ? 0 : -1}
            @click=${() => change({ detail: id })}
          >${title}</button>
        `,
      )}
    </div>
    <section class="detail" id="detail" role="tabpanel" tabindex="0" aria-labelledby=${`tab-${open.id}`}>${open.view(context)}</section>
  `;
}

function onTabKey(
  event: KeyboardEvent,
  sections: readonly Section[],
  open: Section,
  change: PageContext['change'],
): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const next = sections[(sections.indexOf(open) + step + sections.length) % sections.length] as Section;
  change({ detail: next.id });
  (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
  event.preventDefault();
}
