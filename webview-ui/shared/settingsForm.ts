import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { live } from 'lit/directives/live.js';
import {
  type DecodingMode,
  type OptionName,
  type SettingsForm,
  usesOption,
  whyUnused,
} from '../../src/protocol/decodingOptions.ts';
import type { Reason } from '../../src/protocol/result.ts';
import { FIELD_GROUPS, type FieldGroup, type SettingField } from './settingFields.ts';
import { problemsOf } from './settingProblems.ts';
import { readValue, writtenValue } from './settingValues.ts';

export interface SettingsFormOptions {
  readonly settings: SettingsForm;
  /** Distinguishes the ids of several forms on a page. */
  readonly name: string;
  readonly onChange: (settings: SettingsForm) => void;
  /** Options that make no sense here, such as several samples in a chat. */
  readonly without?: readonly OptionName[];
}

const MODES: ReadonlyArray<{ readonly mode: DecodingMode; readonly title: string; readonly meaning: string }> = [
  { mode: 'greedy', title: 'Greedy', meaning: 'The likeliest token, every time.' },
  { mode: 'beam', title: 'Beam', meaning: 'The likeliest of several texts that are kept side by side.' },
  { mode: 'sample', title: 'Sample', meaning: 'A token drawn at random, as likely as the model finds it.' },
];

/** Beams that a search begins with when it is chosen: one beam would be greedy decoding. */
const FIRST_BEAMS = 4;

/** All options of decoding. Those that the mode does not use are greyed, and say why; what is wrong is said beside it. */
export function settingsForm(options: SettingsFormOptions): TemplateResult {
  const { settings, name, without = [] } = options;
  const groups = FIELD_GROUPS.map(group => ({
    ...group,
    fields: group.fields.filter(field => !without.includes(field.name)),
  }));
  // Drawn anew with other settings alone: what is being typed into a field stays while the rest of the page changes.
  return html`
    <div class="settings-form" role="group" aria-label=${`Decoding settings, ${name}`}>
      ${guard([settings, name], () => [modes(options), groups.map(group => fieldGroup(group, options, problemsOf(settings)))])}
    </div>
  `;
}

function modes({ settings, name, onChange }: SettingsFormOptions): TemplateResult {
  const choose = (decoding: DecodingMode): void =>
    onChange({ ...settings, decoding, ...(decoding === 'beam' && { beams: settings.beams ?? FIRST_BEAMS }) });
  return html`
    <div class="segments" role="radiogroup" aria-label="Decoding">
      ${MODES.map(
        ({ mode, title, meaning }) => html`
          <label class="segment" title=${meaning}>
            <input
              type="radio"
              name=${`${name}-decoding`}
              .checked=${live(settings.decoding === mode)}
              @change=${() => choose(mode)}
            /><span>${title}</span>
          </label>
        `,
      )}
    </div>
  `;
}

function fieldGroup(
  { title, fields }: FieldGroup,
  options: SettingsFormOptions,
  problems: ReadonlyMap<string, Reason>,
): TemplateResult {
  const { decoding } = options.settings;
  const unused = fields[0] && fields.every(field => !usesOption(decoding, field.name)) ? fields[0] : undefined;
  return html`
    <fieldset class="setting-group ${unused ? 'unused' : ''}">
      <legend>${title}</legend>
      ${unused ? html`<p class="why quiet">${whyUnused(decoding, unused.name)}</p>` : nothing}
      ${fields.map(field => settingField(field, options, problems.get(field.name)))}
    </fieldset>
  `;
}

function settingField(field: SettingField, options: SettingsFormOptions, problem?: Reason): TemplateResult {
  const { decoding } = options.settings;
  const used = usesOption(decoding, field.name);
  const told = problem ? `${options.name}-${field.name}-problem` : nothing;
  return html`
    <label class="setting of-${field.kind.replace(' ', '-')}" title=${used ? field.meaning : `${field.meaning} ${whyUnused(decoding, field.name)}`}>
      <span class="setting-title">${field.title}</span>
      ${control(field, options, used, told)}
    </label>
    ${problem ? html`<p class="setting-problem" id=${told} role="alert">${problem.message} ${problem.remedy}</p>` : nothing}
  `;
}

function control(
  field: SettingField,
  { settings, onChange }: SettingsFormOptions,
  used: boolean,
  problem: string | typeof nothing,
): TemplateResult {
  const value = writtenValue(field, settings[field.name]);
  const change = (text: string): void => onChange(withOption(settings, field, text));
  const typed = (event: Event): void => change((event.target as HTMLInputElement).value);
  const invalid = problem === nothing ? 'false' : 'true';
  switch (field.kind) {
    case 'yes':
      return html`
        <input type="checkbox" ?disabled=${!used} .checked=${live(value === 'true')}
          @change=${(event: Event) => change(String((event.target as HTMLInputElement).checked))} />
      `;
    case 'past context':
      return html`
        <select ?disabled=${!used} .value=${live(value || field.absent)} @change=${typed}>
          <option value="stop" ?selected=${value !== 'slide'}>stop</option>
          <option value="slide" ?selected=${value === 'slide'}>slide</option>
        </select>
      `;
    case 'texts':
      return html`
        <textarea rows=${Math.max(1, value.split('\n').length)} spellcheck="false" ?disabled=${!used} placeholder=${field.absent}
          aria-invalid=${invalid} aria-describedby=${problem} .value=${live(value)} @change=${typed}></textarea>
      `;
    default:
      return html`
        <input
          type=${field.kind === 'number' ? 'number' : 'text'}
          step=${field.step ?? nothing}
          ?disabled=${!used}
          placeholder=${field.absent}
          aria-invalid=${invalid}
          aria-describedby=${problem}
          .value=${live(value)}
          @change=${typed}
        />
      `;
  }
}

function withOption(settings: SettingsForm, field: SettingField, text: string): SettingsForm {
  const { [field.name]: _, ...others } = settings;
  const value = readValue(field, text);
  if (value === undefined && (field.name === 'maxNewTokens' || field.name === 'beams')) return { ...settings };
  return { ...others, ...(value !== undefined && { [field.name]: value }) } as SettingsForm;
}
