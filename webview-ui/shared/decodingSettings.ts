import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import {
  type DecodingMode,
  type OptionName,
  type SettingsForm,
  settingsOf,
  usesOption,
  whyUnused,
} from '../../src/protocol/decodingOptions.ts';
import { settingsProblems } from '../../src/protocol/settingsProblems.ts';
import { DECODING_FIELDS, type DecodingField } from './decodingFields.ts';

export interface DecodingSettingsOptions {
  readonly disabled?: boolean;
  /** Options that make no sense where the form stands. */
  readonly without?: readonly OptionName[];
}

const MODES: Readonly<Record<DecodingMode, string>> = { greedy: 'Greedy', beam: 'Beam search', sample: 'Sampling' };

/** The editor of decoding settings. An option that the mode does not use is greyed, and says why. */
export function decodingSettings(
  form: SettingsForm,
  change: (form: SettingsForm) => void,
  { disabled = false, without = [] }: DecodingSettingsOptions = {},
): TemplateResult {
  const problems = new Map(
    settingsProblems(settingsOf(form) as unknown as Record<string, unknown>).map(({ option, reason }) => [
      option,
      reason,
    ]),
  );
  const set = (option: OptionName, value: unknown): void => {
    const { [option]: _, ...others } = form;
    change((value === undefined ? others : { ...others, [option]: value }) as SettingsForm);
  };
  const { decoding } = form;
  return html`
    <fieldset class="decoding-settings" ?disabled=${disabled}>
      <div class="modes" role="radiogroup" aria-label="Decoding">
        ${Object.entries(MODES).map(
          ([mode, name]) => html`
            <label class="mode">
              <input
                type="radio"
                .checked=${live(mode === decoding)}
                @change=${() => change(withMode(form, mode as DecodingMode))}
              />${name}
            </label>
          `,
        )}
      </div>
      ${DECODING_FIELDS.filter(({ option }) => !without.includes(option)).map(field =>
        textField(field, form, problems.get(field.option), value => set(field.option, value)),
      )}
      ${checkbox('Early stopping', 'Ends as soon as there are as many finished beams as beams.', {
        checked: form.earlyStopping === true,
        unused: usesOption(decoding, 'earlyStopping') ? null : whyUnused(decoding, 'earlyStopping'),
        change: on => set('earlyStopping', on || undefined),
      })}
      ${checkbox(
        'Slide past the context',
        'Where the context is full, its older half is forgotten and the text goes on.',
        {
          checked: form.pastContext === 'slide',
          unused: null,
          change: on => set('pastContext', on ? 'slide' : undefined),
        },
      )}
    </fieldset>
  `;
}

/** Beam search needs a number of beams. */
const withMode = (form: SettingsForm, decoding: DecodingMode): SettingsForm => ({
  ...form,
  decoding,
  ...(decoding === 'beam' && form.beams === undefined && { beams: 4 }),
});

interface Problem {
  readonly message: string;
  readonly remedy: string;
}

function textField(
  { option, label, meaning, empty, wide, text, value }: DecodingField,
  form: SettingsForm,
  problem: Problem | undefined,
  set: (value: unknown) => void,
): TemplateResult {
  const unused = usesOption(form.decoding, option) ? null : whyUnused(form.decoding, option);
  const onChange = (event: Event): void => {
    const written = (event.target as HTMLInputElement).value.trim();
    set(written === '' ? undefined : value(written));
  };
  return html`
    <label class="field ${wide ? 'wide' : ''} ${unused ? 'unused' : ''}" title=${unused ?? meaning}>
      <span>${label}</span>
      <input
        type="text"
        spellcheck="false"
        placeholder=${unused ? '' : empty}
        .value=${live(text(form))}
        ?disabled=${unused !== null}
        aria-invalid=${problem ? 'true' : nothing}
        @change=${onChange}
      />
      ${problem ? html`<em class="problem" role="alert">${problem.message} ${problem.remedy}</em>` : nothing}
    </label>
  `;
}

function checkbox(
  label: string,
  meaning: string,
  { checked, unused, change }: { checked: boolean; unused: string | null; change: (on: boolean) => void },
): TemplateResult {
  return html`
    <label class="check ${unused ? 'unused' : ''}" title=${unused ?? meaning}>
      <input
        type="checkbox"
        .checked=${live(checked)}
        ?disabled=${unused !== null}
        @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
      />${label}
    </label>
  `;
}

/** In a few words: `sampling · temperature 0.7 · top-p 0.9 · 100 new tokens`. */
export function settingsSummary(form: SettingsForm): string {
  const said = DECODING_FIELDS.filter(({ option, text }) => usesOption(form.decoding, option) && text(form) !== '');
  const figures = said
    .filter(({ option }) => option !== 'maxNewTokens')
    .map(field => `${field.label.toLowerCase()} ${field.text(form)}`);
  return [MODES[form.decoding].toLowerCase(), ...figures, `${form.maxNewTokens} new tokens`].join(' · ');
}
