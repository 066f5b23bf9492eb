import { html, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { live } from 'lit/directives/live.js';

interface Option {
  readonly id: string;
  readonly label: string;
}

/** A drop-down list. Made anew with other options: the control shows the label that its option had when it was chosen. */
export const chooser = (
  label: string,
  options: readonly Option[],
  chosen: string,
  disabled: boolean,
  choose: (id: string) => void,
): unknown =>
  keyed(
    options.map(option => option.label).join('\n'),
    html`
      <vscode-dropdown
        class="chooser"
        aria-label=${label}
        title=${label}
        .value=${live(chosen)}
        ?disabled=${disabled}
        @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
      >
        ${options.map(option => html`<vscode-option value=${option.id} ?selected=${option.id === chosen}>${option.label}</vscode-option>`)}
      </vscode-dropdown>
    `,
  );

/** A button of a toolbar. */
export function action(icon: string, text: string, label: string, disabled: boolean, run: () => void): TemplateResult {
  return html`
    <button class="icon" aria-label=${label} title=${label} ?disabled=${disabled} @click=${run}>
      <span class="codicon codicon-${icon}" aria-hidden="true"></span>${text}
    </button>
  `;
}
