import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { completeEvaluation } from '../../src/protocol/evaluation/defaults.ts';
import type { EvaluationRequest } from '../../src/protocol/evaluation/request.ts';
import { valueAt } from '../../src/protocol/fields/check.ts';
import { idOf, settingRow } from '../shared/settingRow.ts';
import type { PageContext } from './context.ts';

/** The value that a field has where the request says nothing of it. */
function defaultAt(request: EvaluationRequest, path: string): unknown {
  const { task, models, dataset } = request;
  return valueAt(completeEvaluation({ task, dataset, ...(models && { models }) }), path);
}

interface RowLook {
  readonly title: string;
  readonly meaning: unknown;
  /** Why it has no effect; undefined where it has one. */
  readonly why?: string | undefined;
}

/** A field of the form with any control. */
export function formRow(
  path: string,
  look: RowLook,
  control: unknown,
  { request, problems, set }: PageContext,
): TemplateResult {
  const value = valueAt(request, path);
  const changed = value !== undefined && JSON.stringify(value) !== JSON.stringify(defaultAt(request, path));
  const problem = problems.get(path)?.reason;
  return settingRow({ path, ...look, changed, problem, onReset: () => set(path, undefined), control });
}

/** A value that is the default need not be said. */
function put(path: string, value: unknown, { request, set }: PageContext): void {
  set(path, JSON.stringify(value) === JSON.stringify(defaultAt(request, path)) ? undefined : value);
}

/** One of some values. */
export function choiceRow(
  path: string,
  look: RowLook,
  choices: ReadonlyArray<readonly [value: unknown, title: string]>,
  context: PageContext,
): TemplateResult {
  const now = JSON.stringify(valueAt(context.spec, path) ?? null);
  const choose = (event: Event): void =>
    put(path, choices[(event.target as HTMLSelectElement).selectedIndex]?.[0], context);
  const control = html`
    <select id=${idOf(path)} aria-describedby=${`${idOf(path)}-meaning`} ?disabled=${look.why !== undefined} @change=${choose}>
      ${choices.map(([value, title]) => html`<option .selected=${live(JSON.stringify(value) === now)}>${title}</option>`)}
    </select>
  `;
  return formRow(path, look, control, context);
}

/** A number, or nothing where `absent` says what that means. */
export function numberRow(path: string, look: RowLook, context: PageContext, absent = ''): TemplateResult {
  const value = valueAt(context.spec, path);
  const typed = (event: Event): void => {
    const text = (event.target as HTMLInputElement).value.trim();
    const number = Number(text);
    put(path, text === '' ? undefined : Number.isFinite(number) ? number : text, context);
  };
  return formRow(
    path,
    look,
    inputOf(path, value === null || value === undefined ? '' : String(value), typed, look, absent, 'short'),
    context,
  );
}

export function textRow(path: string, look: RowLook, context: PageContext, absent = ''): TemplateResult {
  const value = valueAt(context.spec, path);
  const typed = (event: Event): void => put(path, (event.target as HTMLInputElement).value || undefined, context);
  return formRow(
    path,
    look,
    inputOf(path, typeof value === 'string' ? value : '', typed, look, absent, 'long'),
    context,
  );
}

function inputOf(
  path: string,
  value: string,
  typed: (event: Event) => void,
  look: RowLook,
  absent: string,
  kind: string,
): TemplateResult {
  return html`
    <input type="text" id=${idOf(path)} class=${kind} spellcheck="false" placeholder=${absent} ?disabled=${look.why !== undefined}
      aria-describedby=${`${idOf(path)}-meaning`} .value=${live(value)} @change=${typed} />
  `;
}

/** A text of several lines. */
export function areaRow(path: string, look: RowLook, context: PageContext, absent = ''): TemplateResult {
  const value = valueAt(context.spec, path);
  const text = typeof value === 'string' ? value : '';
  const typed = (event: Event): void => put(path, (event.target as HTMLTextAreaElement).value || undefined, context);
  const lines = Math.min(12, Math.max(3, text.split('\n').length + 1));
  const control = html`
    <textarea id=${idOf(path)} class="template" rows=${lines} spellcheck="false" placeholder=${absent}
      aria-describedby=${`${idOf(path)}-meaning`} .value=${live(text)} @input=${typed}></textarea>
  `;
  return html`<div class="wide-field">${formRow(path, look, control, context)}</div>`;
}

/** Any of some names. */
export function namesRow(path: string, look: RowLook, names: readonly string[], context: PageContext): TemplateResult {
  const chosen = (valueAt(context.spec, path) as readonly string[] | undefined) ?? [];
  const offered = [...new Set([...chosen, ...names])];
  const toggle = (name: string): void =>
    context.set(path, chosen.includes(name) ? chosen.filter(one => one !== name) : [...chosen, name]);
  const control = html`
    <div class="names" id=${idOf(path)} role="group" aria-label=${look.title}>
      ${offered.map(
        name =>
          html`<label class="name"><input type="checkbox" .checked=${live(chosen.includes(name))} @change=${() => toggle(name)} /> ${name}</label>`,
      )}
      ${offered.length === 0 ? html`<span class="quiet">–</span>` : ''}
    </div>
  `;
  return formRow(path, look, control, context);
}

export function yesRow(path: string, look: RowLook, context: PageContext): TemplateResult {
  const control = html`
    <input type="checkbox" id=${idOf(path)} aria-describedby=${`${idOf(path)}-meaning`} .checked=${live(valueAt(context.spec, path) === true)}
      @change=${(event: Event) => put(path, (event.target as HTMLInputElement).checked, context)} />
  `;
  return formRow(path, look, control, context);
}
