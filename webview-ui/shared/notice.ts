import { html, nothing, type TemplateResult } from 'lit';

/** What the state of a run or an evaluation means, with the ways out of it. */
export interface Notice<Command extends string> {
  readonly kind: 'info' | 'warning' | 'failed';
  readonly text: string;
  /** The second sentence, which says what can be done. */
  readonly remedy?: string;
  readonly buttons: ReadonlyArray<readonly [label: string, command: Command]>;
}

const ICONS = { info: 'info', warning: 'warning', failed: 'error' } as const;

export function noticeLine<Command extends string>(
  { kind, text, remedy, buttons }: Notice<Command>,
  press: (command: Command) => void,
): TemplateResult {
  return html`
    <div class="notice ${kind}" role=${kind === 'failed' ? 'alert' : nothing}>
      <span class="codicon codicon-${ICONS[kind]}" aria-hidden="true"></span>
      <span class="grow">${text} ${remedy ? html`<b>${remedy}</b>` : nothing}</span>
      ${buttons.map(([label, command]) => html`<button class="link" @click=${() => press(command)}>${label}</button>`)}
    </div>
  `;
}
