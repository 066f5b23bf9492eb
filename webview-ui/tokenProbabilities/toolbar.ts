import { html, nothing, type TemplateResult } from 'lit';
import { action, chooser } from '../shared/toolbar.ts';
import type { PageContext } from './context.ts';

const NO_MODEL = '';

/** Which models score, on what device, and what can be done with the result. */
export function toolbar({ snapshot, send }: PageContext): TemplateResult {
  const { models, model, comparedModel, device, comparedDevice, state, texts } = snapshot;
  const busy = state.kind === 'loading';
  // Until the list of models has come, the one that scored is known by its id.
  const known = models.some(({ id }) => id === model) ? models : [{ id: model, label: model }, ...models];
  const none = { id: NO_MODEL, label: 'none' };
  const empty = busy || texts.length === 0;
  return html`
    <header class="toolbar">
      <div class="choosers">
        ${chooser('Model that scores', known, model, busy, id => send({ type: 'chooseModel', model: id }))}
        ${place(device)}
        <span class="versus">vs</span>
        ${chooser('Second model to compare with', [none, ...known], comparedModel ?? NO_MODEL, busy, id =>
          send({ type: 'compareWith', model: id === NO_MODEL ? null : id }),
        )}
        ${place(comparedDevice)}
      </div>
      <div class="actions" role="toolbar" aria-label="Results">
        ${action('refresh', '', 'Score again', busy, () => send({ type: 'scoreAgain' }))}
        ${action('copy', 'TSV', 'Copy the table as tab-separated values', empty, () => send({ type: 'copyTsv' }))}
        ${action('export', 'CSV', 'Export the table as CSV', empty, () => send({ type: 'export', format: 'csv' }))}
        ${action('export', 'JSON', 'Export all results as JSON', empty, () => send({ type: 'export', format: 'json' }))}
      </div>
    </header>
  `;
}

/** Where a model ran, and what it was kept in where that is not f32. */
const place = (device: string | null): TemplateResult | typeof nothing =>
  device ? html`<span class="device" title=${`Scored on ${device}`}>${device}</span>` : nothing;
