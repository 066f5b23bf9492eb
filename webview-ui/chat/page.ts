import { html, nothing, type TemplateResult } from 'lit';
import { legend } from '../shared/legend.ts';
import { settingsLine } from '../shared/settingsLine.ts';
import type { PageContext } from './context.ts';
import { conversation } from './conversation.ts';
import { notices } from './notices.ts';
import { renderedPane } from './rendered.ts';
import { toolbar } from './toolbar.ts';

/** The whole page, as the last snapshot has it. */
export function page(context: PageContext): TemplateResult {
  const { snapshot, ui, change } = context;
  return html`
    <div class="page">
      ${toolbar(context)} ${notices(context)}
      <div class="overview">
        <button class="summary" title="Template and decoding settings" aria-expanded=${ui.setup} @click=${() => change({ setup: !ui.setup })}>
          <span class="codicon codicon-chevron-${ui.setup ? 'down' : 'right'}" aria-hidden="true"></span>
          <span>${settingsLine(snapshot.settings)}${snapshot.stopAtTurn ? ' · stops at the turn' : ''}</span>
        </button>
        ${ui.heat && snapshot.turns.some(({ reply }) => reply) ? legend(ui, change) : nothing}
      </div>
      <div class="panes ${ui.pane ? 'two' : ''}">${conversation(context)} ${ui.pane ? renderedPane(context) : nothing}</div>
    </div>
  `;
}
