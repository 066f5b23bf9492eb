import { html, type TemplateResult } from 'lit';
import type { PageContext } from './context.ts';
import { notices } from './notices.ts';
import { results } from './results.ts';
import { emptyState, failedState, loadingState } from './states.ts';
import { toolbar } from './toolbar.ts';

/** The whole page, as the last snapshot has it. */
export function page(context: PageContext): TemplateResult {
  const { texts, selected } = context.snapshot;
  const text = texts[selected];
  return html`
    <div class="page">
      ${toolbar(context)} ${notices(context)} ${text ? results(text, context) : withoutResults(context)}
    </div>
  `;
}

function withoutResults(context: PageContext): TemplateResult {
  const { state } = context.snapshot;
  switch (state.kind) {
    case 'loading':
      return loadingState(state.progress, context);
    case 'failed':
      return failedState(state.error, context);
    default:
      return emptyState(context);
  }
}
