import { html, type TemplateResult } from 'lit';
import type { TokenProbabilitiesIntent } from '../../src/protocol/panels/tokenProbabilities.ts';
import type { PageContext } from './context.ts';

const NO_MODEL = '';

/** Which models score, on what device, and what can be done with the result. */
export function toolbar({ snapshot, send }: PageContext): TemplateResult {
  const { models, model, comparedModel, device, state, texts } = snapshot;
  const busy = state.kind === 'loading';
  const chooser = (
    label: string,
    chosen: string,
    choose: (id: string) => TokenProbabilitiesIntent,
    none = false,
  ) => html`
    <vscode-dropdown
      class="chooser"
      aria-label=${label}
      title=${label}
      .value=${chosen}
      ?disabled=${busy}
      @change=${(event: Event) => send(choose((event.target as HTMLInputElement).value))}
    >
      ${none ? html`<vscode-option value=${NO_MODEL} ?selected=${chosen === NO_MODEL}>none</vscode-option>` : ''}
      ${models.map(({ id, label }) => html`<vscode-option value=${id} ?selected=${id === chosen}>${label}</vscode-option>`)}
    </vscode-dropdown>
  `;
  const nothing = busy || texts.length === 0;
  return html`
    <header class="toolbar">
      <div class="choosers">
        ${chooser('Model that scores', model, id => ({ type: 'chooseModel', model: id }))}
        ${device ? html`<span class="device" title=${`The model runs on ${device}.`}>${device}</span>` : ''}
        <span class="versus">vs</span>
        ${chooser(
          'Second model to compare with',
          comparedModel ?? NO_MODEL,
          id => ({ type: 'compareWith', model: id === NO_MODEL ? null : id }),
          true,
        )}
      </div>
      <div class="actions" role="toolbar" aria-label="Results">
        ${action('refresh', '', 'Score again', busy, () => send({ type: 'scoreAgain' }))}
        ${action('copy', 'TSV', 'Copy the table as tab-separated values', nothing, () => send({ type: 'copyTsv' }))}
        ${action('export', 'CSV', 'Export the table as CSV', nothing, () => send({ type: 'export', format: 'csv' }))}
        ${action('export', 'JSON', 'Export all results as JSON', nothing, () => send({ type: 'export', format: 'json' }))}
      </div>
    </header>
  `;
}

function action(icon: string, text: string, label: string, disabled: boolean, run: () => void): TemplateResult {
  return html`
    <button class="icon" aria-label=${label} title=${label} ?disabled=${disabled} @click=${run}>
      <span class="codicon codicon-${icon}" aria-hidden="true"></span>${text}
    </button>
  `;
}
