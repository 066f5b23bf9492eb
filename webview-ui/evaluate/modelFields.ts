import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { EvaluatedModel } from '../../src/protocol/panels/evaluate.ts';
import { type Precision, PRECISION_MEANING, PRECISIONS } from '../../src/protocol/precision.ts';
import { idOf } from '../shared/settingRow.ts';
import { action } from '../shared/toolbar.ts';
import { another, type ChosenModel, chosenModels, ownPrecision, withModels } from './chosenModels.ts';
import type { PageContext } from './context.ts';
import { formRow } from './row.ts';

/**
 * Which model, or for a comparison which models, and what each is kept in. One that is not listed, such as a run's, is
 * named by its folder.
 */
export const modelFields = (context: PageContext): TemplateResult =>
  context.request.task === 'compare' ? severalModels(context) : oneModel(context);

function oneModel(context: PageContext): TemplateResult {
  const { request, snapshot, edit } = context;
  const known = snapshot.models;
  const [now] = chosenModels(request, known);
  const models = offered(context);
  const own = now ? ownPrecision(known, now.id) : 'f32';
  const isOwn = now?.precision === own;
  const choose = (id: string): void => {
    const precision = now && !isOwn ? now.precision : ownPrecision(known, id);
    edit(withModels(request, [{ id, precision }], known));
  };
  const keepIn = (precision: Precision): void => {
    if (now) edit(withModels(request, [{ ...now, precision }], known));
  };
  const meaning =
    request.task === 'classifier'
      ? 'One that was fine-tuned to tell these labels apart.'
      : 'One of the models list, or the model of a run.';
  const elsewhere = isOwn
    ? 'As it was chosen for the model.'
    : `For this evaluation alone: elsewhere the model is in ${own}.`;
  return html`
    ${formRow('models', { title: 'Model', meaning }, modelChoice(models, now?.id, choose, { id: idOf('models') }), context)}
    ${formRow(
      'precision',
      { title: 'Precision', meaning: `${PRECISION_MEANING[now?.precision ?? own]}. ${elsewhere}` },
      precisionChoice(now?.precision ?? own, keepIn, { id: idOf('precision') }),
      context,
    )}
  `;
}

function severalModels(context: PageContext): TemplateResult {
  const { request, snapshot, edit } = context;
  const known = snapshot.models;
  const chosen = chosenModels(request, known);
  const models = offered(context);
  const write = (next: readonly ChosenModel[]): void => edit(withModels(request, next, known));
  const put = (at: number, one: ChosenModel): void => write(chosen.map((before, i) => (i === at ? one : before)));
  const more = another(chosen, known);
  const control = html`
    <div class="lines" id=${idOf('models')} role="group" aria-label="Models">
      ${chosen.map(
        (one, at) => html`
          <div class="line">
            <span class="quiet">${at + 1}.</span>
            ${modelChoice(models, one.id, id => put(at, { id, precision: ownPrecision(known, id) }), { label: `Model ${at + 1}` })}
            ${precisionChoice(one.precision, precision => put(at, { ...one, precision }), { label: `Precision of model ${at + 1}` })}
            ${action('close', '', 'Remove this model', false, () => write(chosen.filter((_, i) => i !== at)))}
          </div>
        `,
      )}
      ${more ? html`<button class="link" @click=${() => write([...chosen, more])}>+ model</button>` : nothing}
    </div>
  `;
  const meaning =
    'Two or more; the first is the one that wins or loses. A model may be there more than once, in several precisions.';
  return html`<div class="wide-field">${formRow('models', { title: 'Models', meaning }, control, context)}</div>`;
}

/** What a control is called: the row's title by its id, or a name of its own. */
interface Called {
  readonly id?: string;
  readonly label?: string;
}

function modelChoice(
  models: readonly EvaluatedModel[],
  now: string | undefined,
  choose: (id: string) => void,
  { id, label }: Called,
): TemplateResult {
  const chosen = (event: Event): void => choose(models[(event.target as HTMLSelectElement).selectedIndex]?.id ?? '');
  return html`
    <select class="model" id=${id ?? nothing} aria-label=${label ?? nothing} title=${now ?? ''} @change=${chosen}>
      ${models.map(({ id, label }) => html`<option .selected=${live(now === id)}>${label}</option>`)}
    </select>
  `;
}

function precisionChoice(
  now: Precision,
  choose: (precision: Precision) => void,
  { id, label }: Called,
): TemplateResult {
  const chosen = (event: Event): void => {
    const precision = PRECISIONS[(event.target as HTMLSelectElement).selectedIndex];
    if (precision) choose(precision);
  };
  return html`
    <select class="precision" id=${id ?? nothing} aria-label=${label ?? nothing} @change=${chosen}>
      ${PRECISIONS.map(one => html`<option title=${PRECISION_MEANING[one]} .selected=${live(one === now)}>${one}</option>`)}
    </select>
  `;
}

function offered({ snapshot, request }: PageContext): EvaluatedModel[] {
  const { task, models = [] } = request;
  const listed = snapshot.models.filter(({ classifies }) => task !== 'classifier' || classifies);
  const unlisted = [...new Set(models)].filter(id => !listed.some(one => one.id === id));
  const label = (id: string): string => id.split(/[\\/]/).filter(Boolean).slice(-2).join('/');
  const precision = (id: string): Precision => ownPrecision(snapshot.models, id);
  return [...unlisted.map(id => ({ id, label: label(id), classifies: false, precision: precision(id) })), ...listed];
}
