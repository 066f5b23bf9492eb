import { html, nothing, type TemplateResult } from 'lit';
import { classes } from './classes.ts';
import type { PageContext } from './context.ts';
import { detail } from './detail.ts';
import { lengths } from './lengths.ts';
import { encoding, preparation } from './preparation.ts';
import { preparationLine } from './preparationLine.ts';
import { split } from './split.ts';
import { emptyState, failedLine, failedState, openingState, wantingLine, workingLine } from './states.ts';
import { stepProblem } from './stepProblem.ts';
import { steps } from './steps.ts';
import { tableView } from './tableView.ts';
import { toolbar } from './toolbar.ts';

/** The whole page, as the last snapshot has it. */
export function page(context: PageContext): TemplateResult {
  return html`
    <div class="page">
      ${toolbar(context)}
      ${content(context)}
    </div>
  `;
}

function content(context: PageContext): TemplateResult {
  const { value, error } = context.snapshot.opened;
  if (!value) return error ? failedState(error, context) : openingState(context);
  return value.rows === 0 ? emptyState(context) : looking(context);
}

/** What is wrong with a step stands beside it, where the steps are in sight. */
const isToldAtItsStep = ({ snapshot }: PageContext): boolean =>
  stepProblem(snapshot.description.error) !== null && snapshot.view.preparationOpen;

/** What is set and what comes of it, above the rows or beside them; and what is laid open of them. */
function looking(context: PageContext): TemplateResult {
  const { opened, description } = context.snapshot;
  const working = opened.progress ?? description.progress;
  return html`
    ${working ? workingLine(working, context) : nothing}
    ${description.error && !isToldAtItsStep(context) ? failedLine(description.error, context) : nothing}
    ${description.value?.reason ? wantingLine(description.value.reason, context) : nothing}
    <div class="body">
      <div class="prepare ${context.snapshot.view.preparationOpen ? '' : 'closed'}">
        ${preparationLine(context)}
        <div class="prepare-body">
          ${preparation(context)} ${encoding(context)}
          <div class="pictures">${classes(context)} ${lengths(context)}</div>
          ${steps(context)} ${split(context)}
        </div>
      </div>
      <main class="looking">${tableView(context)} ${detail(context)}</main>
    </div>
  `;
}
