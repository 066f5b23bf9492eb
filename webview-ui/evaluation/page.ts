import { html, nothing, type TemplateResult } from 'lit';
import { about } from './about.ts';
import type { PageContext } from './context.ts';
import { figures } from './figures/figures.ts';
import { header } from './header.ts';
import { notices } from './notices.ts';
import { rowsView } from './rows/rowsView.ts';
import { votingView } from './rows/votingView.ts';
import { versus } from './figures/versus.ts';

/** The whole page: what was asked and how far it has come, the figures, and the rows. */
export function page(context: PageContext): TemplateResult {
  const { snapshot, ui } = context;
  const found = snapshot.rows.all > 0;
  return html`
    <div class="page">
      ${header(context)} ${notices(context)} ${about(context)}
      ${
        found
          ? html`<div class="body">
              <section class="overview" aria-label="Figures" tabindex="0">${versus(context)} ${figures(context)}</section>
              ${ui.voting ? votingView(context) : rowsView(context)}
            </div>`
          : nothing
      }
    </div>
  `;
}
