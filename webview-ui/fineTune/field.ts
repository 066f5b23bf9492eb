import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { whyNoEffect, whyRefused } from '../../src/protocol/run/effects.ts';
import { valueAt } from '../../src/protocol/fields/check.ts';
import { defaultOf } from '../../src/protocol/run/check.ts';
import { isChanged, valueOrDefault } from '../../src/protocol/run/edit.ts';
import { idOf, settingRow } from '../shared/settingRow.ts';
import type { PageContext } from './context.ts';
import type { Field } from './fields.ts';
import { readField, written } from './values.ts';

/** Fields of another method or backend are not shown at all; others that have no effect are greyed, and say why. */
export const concerns = ({ spec }: PageContext, { path }: Field): boolean => {
  const why = whyRefused(path, spec);
  return why === undefined || !/^It belongs to the (method|backend)/.test(why);
};

/** A field with what it does, its default, and what is wrong with it. */
export function fieldRow(field: Field, context: PageContext): TemplateResult {
  const { request, spec, problems, set, snapshot } = context;
  const { path, title } = field;
  const why = whyNoEffect(path, spec);
  const changed = isChanged(request, path);
  return settingRow({
    path,
    title,
    meaning: html`${inForm(snapshot.meanings[path], why !== undefined)}${changed ? html` <span class="default">Default: ${defaultText(field, context)}.</span>` : nothing}`,
    why,
    changed,
    problem: problems.get(path)?.reason,
    onReset: () => set(path, undefined),
    control: control(field, context, why !== undefined),
  });
}

/** What the schema says of a field in JSON, as it reads in a form; where the form itself says why it has no effect, without that. */
export const inForm = (meaning = '', idle = false): string =>
  (idle ? meaning.replace(/ No effect [^.]*\./, '') : meaning)
    .replaceAll('`', '')
    .replaceAll('. null', '. Empty')
    .replaceAll(/\bnull\b/g, 'empty');

/** The default as its control would show it. */
function defaultText({ path, kind, absent }: Field, { spec }: PageContext): string {
  const value = defaultOf(path);
  if (kind.is === 'yes') return value === true ? 'on' : 'off';
  const chosen = kind.is === 'choice' ? kind.choices(spec).find(([one]) => one === value)?.[1] : undefined;
  return chosen ?? (written(kind, value) || absent || 'empty');
}

function control(field: Field, context: PageContext, idle: boolean): TemplateResult {
  const { path, kind, absent } = field;
  const { request, spec, problems, set } = context;
  const id = idOf(path);
  const value = valueOrDefault(request, path);
  const read = (text: string): void => set(path, withoutDefault(path, readField(kind, text)));
  const typed = (event: Event): void => read((event.target as HTMLInputElement).value);
  if (kind.is === 'yes') {
    return html`
      <input type="checkbox" id=${id} aria-describedby=${`${id}-meaning`} ?disabled=${idle} .checked=${live(value === true)}
        @change=${(event: Event) => read(String((event.target as HTMLInputElement).checked))} />
    `;
  }
  if (kind.is === 'choice') {
    const choices = kind.choices(spec);
    const chosen = (event: Event): void => {
      const [picked = null] = choices[(event.target as HTMLSelectElement).selectedIndex] ?? [];
      set(path, withoutDefault(path, picked));
    };
    return html`
      <select id=${id} aria-describedby=${`${id}-meaning`} ?disabled=${idle} @change=${chosen}>
        ${choices.map(([one, label]) => html`<option .selected=${live(one === value)}>${label}</option>`)}
      </select>
    `;
  }
  const shown = valueAt(request, path);
  const offered = kind.is === 'text' ? kind.offered : kind.is === 'number or word' ? kind.words : undefined;
  const problem = problems.has(path);
  return html`
    <input
      type="text"
      id=${id}
      class=${kind.is === 'number' || kind.is === 'number or word' ? 'short' : 'long'}
      spellcheck="false"
      inputmode=${kind.is === 'number' ? 'decimal' : 'text'}
      list=${offered ? `${id}-offered` : nothing}
      placeholder=${written(kind, defaultOf(path)) || (absent ?? '')}
      aria-describedby=${`${id}-meaning${problem ? ` ${id}-problem` : ''}`}
      aria-invalid=${String(problem)}
      ?disabled=${idle}
      .value=${live(asTyped(path, kind, shown))}
      @input=${typed}
    />
    ${offered ? html`<datalist id=${`${id}-offered`}>${offered.map(one => html`<option value=${one}></option>`)}</datalist>` : nothing}
  `;
}

/** While one types, the text stands as it was typed where it still means the value: `0.10`, `a, `. */
function asTyped(path: string, kind: Field['kind'], value: unknown): string {
  const typing = document.activeElement;
  if (!(typing instanceof HTMLInputElement) || typing.id !== idOf(path)) return written(kind, value);
  const meant = readField(kind, typing.value);
  const same = JSON.stringify(withoutDefault(path, meant)) === JSON.stringify(value);
  return same ? typing.value : written(kind, value);
}

/** A value that is the default need not be said. */
const withoutDefault = (path: string, value: unknown): unknown =>
  JSON.stringify(value) === JSON.stringify(defaultOf(path)) ? undefined : value;
