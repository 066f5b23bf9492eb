import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { AnnotationSettings } from '../../src/protocol/annotations/settings.ts';
import { settingsForm } from '../shared/settingsForm.ts';
import { settingsLine } from '../shared/settingsLine.ts';
import type { PageContext } from './context.ts';

/** What is judged and how, and where judgements go. */
export function settingsView(context: PageContext): TemplateResult {
  const { snapshot, send } = context;
  const { settings, problems, judged } = snapshot;
  const wrong = problems.length > 0;
  return html`
    <section class="setting-page" aria-label="Settings">
      <div class="buttons">
        <vscode-button id="start" ?disabled=${wrong} title=${wrong ? 'Correct the settings first' : nothing} @click=${() => send({ type: 'start' })}>
          ${judged > 0 ? 'Go on' : 'Start'}
        </vscode-button>
        <span class="quiet">${firstWords(context)}</span>
      </div>
      ${row('Models', modelList(context), problem(context, 'models'))}
      ${row('Responses', html`${number(context, 'responses', 2, 9)} <span class="quiet">for each prompt; 2 make a blind A/B test</span>`, problem(context, 'responses'))}
      ${row('Judged by', judgedBy(context), problem(context, 'highest'))}
      ${row('Rows', rowsOf(context), problem(context, 'rows', 'seed', 'againAfter'))}
      ${row(
        'Kept in',
        html`
          <span class="file" title=${snapshot.outputName}>${snapshot.outputName}</span>
          <button class="link" @click=${() => send({ type: 'chooseOutput' })}>Another file…</button>
        `,
        nothing,
      )}
      <details class="decoding" ?open=${problems.some(({ field }) => field === 'decoding')}>
        <summary>
          <span class="codicon codicon-chevron-right" aria-hidden="true"></span> Decoding
          <span class="quiet">${settingsLine(settings.decoding)}</span>
        </summary>
        ${problem(context, 'decoding')}
        ${settingsForm({
          settings: settings.decoding,
          name: 'responses',
          without: ['count', 'seed', 'returned'],
          onChange: decoding => set(context, { decoding }),
        })}
      </details>
    </section>
  `;
}

/** What to expect of the button. */
function firstWords({ snapshot: { judged, settings } }: PageContext): string {
  if (judged > 0) return 'Where it was left: what was judged or skipped is not shown again.';
  return settings.models.length > 1
    ? 'Which model wrote which response stays hidden until you ask at the end.'
    : 'Responses are written while you read; each judgement is kept at once.';
}

const set = ({ send }: PageContext, changes: Partial<AnnotationSettings>): void => send({ type: 'settings', changes });

const row = (title: string, content: unknown, problem: unknown): TemplateResult => html`
  <div class="setting-row"><span class="row-title">${title}</span><div class="row-content">${content} ${problem}</div></div>
`;

function problem(
  { snapshot }: PageContext,
  ...fields: Array<keyof AnnotationSettings>
): TemplateResult | typeof nothing {
  const found = snapshot.problems.find(({ field }) => fields.includes(field));
  if (!found) return nothing;
  return html`<p class="setting-problem" role="alert">${found.reason.message} ${found.reason.remedy}</p>`;
}

function modelList(context: PageContext): TemplateResult {
  const { settings, models } = context.snapshot;
  const gone = settings.models.filter(model => !models.some(({ id }) => id === model));
  const toggle = (id: string): void =>
    set(context, {
      models: settings.models.includes(id) ? settings.models.filter(one => one !== id) : [...settings.models, id],
    });
  return html`
    <div class="models" role="group" aria-label="Models">
      ${[...models, ...gone.map(id => ({ id, label: `${id} (gone)` }))].map(
        ({ id, label }) => html`
          <label><input type="checkbox" .checked=${live(settings.models.includes(id))} @change=${() => toggle(id)} /> ${label}</label>
        `,
      )}
    </div>
  `;
}

function judgedBy(context: PageContext): TemplateResult {
  const { judgement } = context.snapshot.settings;
  return html`
    ${segments('Judged by', ['rank', 'score'], ['Ranks', 'Scores'], judgement, judgement => set(context, { judgement }))}
    ${judgement === 'score' ? html`<span>from 1 to ${number(context, 'highest', 2, 9)}</span>` : nothing}
    <span class="quiet">${judgement === 'rank' ? 'the better one, the next best, …' : 'equal scores prefer nothing'}</span>
  `;
}

function rowsOf(context: PageContext): TemplateResult {
  const { order } = context.snapshot.settings;
  return html`
    ${segments('Order of rows', ['shuffled', 'file'], ['Shuffled', 'As in the file'], order, order => set(context, { order }))}
    <label>at most ${number(context, 'rows', 1, undefined, 'all')}</label>
    <label title="Of the order of rows and of responses, and of what is drawn">seed ${number(context, 'seed', 0)}</label>
    <label title="To see how steady judgements are, the first of so many is shown once more, in another order">one again after ${number(context, 'againAfter', 2, undefined, 'never')}</label>
  `;
}

function segments<T extends string>(
  label: string,
  values: readonly T[],
  titles: readonly string[],
  chosen: T,
  choose: (value: T) => void,
): TemplateResult {
  return html`
    <span class="segments" role="radiogroup" aria-label=${label}>
      ${values.map(
        (value, at) => html`
          <label class="segment">
            <input type="radio" name=${label} .checked=${live(value === chosen)} @change=${() => choose(value)} /><span>${titles[at]}</span>
          </label>
        `,
      )}
    </span>
  `;
}

type NumberField = 'responses' | 'highest' | 'rows' | 'seed' | 'againAfter';

/** Empty means all, or never, where there is a word for that. */
function number(context: PageContext, field: NumberField, from: number, to?: number, empty?: string): TemplateResult {
  const value = context.snapshot.settings[field];
  const change = (event: Event): void => {
    const { value: text } = event.target as HTMLInputElement;
    if (text.trim() === '' && empty === undefined)
      return void ((event.target as HTMLInputElement).value = String(value));
    set(context, { [field]: text.trim() === '' ? null : Number(text) });
  };
  return html`
    <input
      type="number"
      class="short of-${field}"
      min=${from}
      max=${to ?? nothing}
      aria-label=${NAMES[field]}
      aria-invalid=${String(context.snapshot.problems.some(problem => problem.field === field))}
      placeholder=${empty ?? nothing}
      .value=${live(value === null ? '' : String(value))}
      @change=${change}
    />
  `;
}

const NAMES: Readonly<Record<NumberField, string>> = {
  responses: 'Responses for each prompt',
  highest: 'Highest score',
  rows: 'Rows at most',
  seed: 'Seed',
  againAfter: 'Judgements after which one is asked again',
};
