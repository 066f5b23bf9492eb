import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly disabled?: boolean;
}

interface FieldBase {
  readonly title: string;
  /** What it does, in a sentence. */
  readonly meaning: string;
  /** Its title is not shown, but told to those who can't see. */
  readonly untitled?: boolean;
}

const field = ({ title, meaning, untitled }: FieldBase, kind: string, control: TemplateResult): TemplateResult => html`
  <label class="field of-${kind}" title=${meaning}>
    <span class=${untitled ? 'visually-hidden' : 'field-title'}>${title}</span>${control}
  </label>
`;

export const selectField = <Value extends string>(
  base: FieldBase,
  value: Value,
  options: ReadonlyArray<Option<Value>>,
  choose: (value: Value) => void,
): TemplateResult =>
  field(
    base,
    'choice',
    html`
      <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as Value)}>
        ${options.map(
          option => html`
            <option value=${option.value} ?disabled=${option.disabled} .selected=${live(option.value === value)}>
              ${option.label}
            </option>
          `,
        )}
      </select>
    `,
  );

interface NumberRange {
  readonly min: number;
  readonly max?: number;
  readonly step?: number;
  /** What an empty field stands for. Without it a number must be given. */
  readonly empty?: string;
  readonly unit?: string;
  /** Room for so many digits. */
  readonly digits?: number;
}

/*
 * What is being typed stays while the rest of the page is drawn anew: the value of a field is set where it is another
 * one than the last, and not compared with what stands there.
 */

/** A number that is told when it is whole: with Enter, or when the field is left. What is out of range is put back. */
export function numberField(
  base: FieldBase,
  value: number | null,
  { min, max = Number.MAX_SAFE_INTEGER, step = 1, empty, unit, digits = 5 }: NumberRange,
  change: (value: number | null) => void,
): TemplateResult {
  const shown = value === null ? '' : String(value);
  const typed = ({ target }: Event): void => {
    const input = target as HTMLInputElement;
    const number = input.value.trim() === '' ? null : Number(input.value);
    const fits = number === null ? empty !== undefined : number >= min && number <= max && !input.validity.badInput;
    const differs = input.value !== shown;
    input.value = shown; // until it is taken, which draws it anew
    if (fits && differs) change(number);
  };
  return field(
    base,
    'number',
    html`
      <input type="number" class="digits-${digits}" min=${min} max=${max} step=${step === 1 ? 1 : 'any'}
        placeholder=${empty ?? nothing} .value=${shown} @change=${typed} />
      ${unit ? html`<span class="unit">${unit}</span>` : nothing}
    `,
  );
}

export const checkField = (base: FieldBase, checked: boolean, change: (checked: boolean) => void): TemplateResult =>
  html`
    <label class="field of-check" title=${base.meaning}>
      <input
        type="checkbox"
        .checked=${live(checked)}
        @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
      /><span class="field-title">${base.title}</span>
    </label>
  `;

/** An expression or a template: told with Enter (with Control where it has lines), or when the field is left. */
export function codeField(
  base: FieldBase,
  value: string,
  { lines, placeholder = '', invalid = false }: { lines: boolean; placeholder?: string; invalid?: boolean },
  change: (value: string) => void,
): TemplateResult {
  const typed = ({ target }: Event): void => {
    const input = target as HTMLInputElement;
    const written = input.value;
    input.value = value; // until it is taken, which draws it anew
    if (written !== value) change(written);
  };
  const rows = Math.min(12, Math.max(2, value.split('\n').length));
  const tell = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) (event.target as HTMLElement).blur();
  };
  return field(
    base,
    'code',
    lines
      ? html`<textarea class="code" rows=${rows} spellcheck="false" placeholder=${placeholder}
          aria-invalid=${invalid} .value=${value} @change=${typed} @keydown=${tell}></textarea>`
      : html`<input type="text" class="code" spellcheck="false" placeholder=${placeholder}
          aria-invalid=${invalid} .value=${value} @change=${typed} />`,
  );
}
