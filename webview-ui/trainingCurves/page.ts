import { html, nothing, type TemplateResult } from 'lit';
import { chosenPoint } from './chosenPoint.ts';
import { firstRun, type PageContext } from './context.ts';
import { details } from './details/details.ts';
import { emptyState } from './emptyState.ts';
import { header } from './header.ts';
import { notices } from './notices.ts';
import { plots } from './plotGrid.ts';
import { runsBar } from './runsBar.ts';

/** The whole page, as the last snapshot has it. */
export function page(context: PageContext): TemplateResult {
  const run = firstRun(context);
  if (!run) return html`<div class="page">${emptyState(context)}</div>`;
  const measured = context.runs.some(({ folder }) => context.store.metrics(folder).length > 0);
  return html`
    <div class="page">
      ${header(run, context)} ${notices(run, context)}
      ${measured || context.runs.length > 1 ? runsBar(context) : nothing}
      ${measured ? html`${plots(context)} ${chosenPoint(context)}` : nothing} ${details(context)}
    </div>
  `;
}
