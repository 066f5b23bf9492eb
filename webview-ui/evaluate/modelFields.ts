import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { EvaluatedModel } from '../../src/protocol/panels/evaluate.ts';
import { idOf } from '../shared/settingRow.ts';
import type { PageContext } from './context.ts';
import { formRow } from './row.ts';

/** Which model, or for a comparison which models. One that is not listed, such as a run's, is named by its folder. */
export function modelFields(context: PageContext): TemplateResult {
  const { request, set } = context;
  const chosen = request.models ?? [];
  const options = offered(context);
  if (request.task !== 'compare') {
    const choose = (event: Event): void =>
      set('models', [options[(event.target as HTMLSelectElement).selectedIndex]?.id ?? '']);
    const control = html`
      <select id=${idOf('models')} @change=${choose}>
        ${options.map(({ id, label }) => html`<option .selected=${live(chosen[0] === id)}>${label}</option>`)}
      </select>
    `;
    const meaning =
      request.task === 'classifier'
        ? 'One that was fine-tuned to tell these labels apart.'
        : 'One of the models list, or the model of a run.';
    return formRow('models', { title: 'Model', meaning }, control, context);
  }
  const toggle = (id: string): void =>
    set('models', chosen.includes(id) ? chosen.filter(one => one !== id) : [...chosen, id]);
  const control = html`
    <div class="names" id=${idOf('models')} role="group" aria-label="Models">
      ${options.map(
        ({ id, label }) =>
          html`<label class="name" title=${id}><input type="checkbox" .checked=${live(chosen.includes(id))} @change=${() => toggle(id)} /> ${label}
          ${chosen.includes(id) ? html`<span class="quiet">${chosen.indexOf(id) + 1}.</span>` : ''}</label>`,
      )}
    </div>
  `;
  return formRow(
    'models',
    {
      title: 'Models',
      meaning: 'Two or more, in the order in which they are chosen; the first is the one that wins or loses.',
    },
    control,
    context,
  );
}

function offered({ snapshot, request }: PageContext): EvaluatedModel[] {
  const { task, models = [] } = request;
  const listed = snapshot.models.filter(({ classifies }) => task !== 'classifier' || classifies);
  const unlisted = models.filter(id => !listed.some(one => one.id === id));
  const label = (id: string): string => id.split(/[\\/]/).filter(Boolean).slice(-2).join('/');
  return [...unlisted.map(id => ({ id, label: label(id), classifies: false })), ...listed];
}
