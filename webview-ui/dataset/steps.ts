import { html, nothing, type TemplateResult } from 'lit';
import type { DatasetStep } from '../../src/protocol/run/spec.ts';
import { count, counted, NONE } from '../shared/format.ts';
import { columnsOf, type DraftStep, type PageContext, rolesOf } from './context.ts';
import { stepsOf, withoutStep, withStep, withStepMoved, withSteps } from './edits.ts';
import { section } from './section.ts';
import { stepFields } from './stepFields.ts';
import { stepProblem } from './stepProblem.ts';

/** What is done with the rows before they are split: each step, and how many rows it leaves. */
export function steps(context: PageContext): TemplateResult {
  const { snapshot, passing } = context;
  const all = stepsOf(snapshot.request);
  return section(
    'steps',
    'Steps',
    html`
      <ol class="steps">
        ${all.length > 0 ? fileLine(context) : nothing} ${all.map((step, at) => stepLine(step, at, context))}
        ${passing.draft ? draftLine(passing.draft, context) : nothing}
      </ol>
      ${adding(context)}
    `,
  );
}

/** The rows that the first step is given. */
function fileLine(context: PageContext): TemplateResult {
  const { opened } = context.snapshot;
  return html`
    <li class="step">
      <span class="step-kind quiet">file</span><span class="step-fields"></span>
      ${rowsAfter(0, opened.value?.rows ?? null, 'as the file has them', context)}
    </li>
  `;
}

function stepLine(step: DatasetStep, at: number, context: PageContext): TemplateResult {
  const { snapshot, edit } = context;
  const { request, description } = snapshot;
  const all = stepsOf(request);
  const problem = stepProblem(description.error);
  const wrong = problem?.at === at;
  const rows = description.progress ? null : (description.value?.steps[at]?.rows ?? null);
  const move = (to: number): void => edit(withStepMoved(request, at, to));
  const button = (icon: string, label: string, disabled: boolean, run: () => void): TemplateResult => html`
    <button class="icon" aria-label=${label} title=${label} ?disabled=${disabled} @click=${run}>
      <span class="codicon codicon-${icon}" aria-hidden="true"></span>
    </button>
  `;
  return html`
    <li class="step ${wrong ? 'wrong' : ''}">
      <span class="step-kind">${kindOf(step)}</span>
      <span class="step-fields">${stepFields(step, wrong, changed => edit(withStep(request, at, changed)), snapshot)}</span>
      ${rowsAfter(at + 1, rows, `after step ${at + 1}`, context)}
      <span class="step-actions">
        ${button('arrow-up', `Move step ${at + 1} up`, at === 0, () => move(at - 1))}
        ${button('arrow-down', `Move step ${at + 1} down`, at === all.length - 1, () => move(at + 1))}
        ${button('close', `Remove step ${at + 1}`, false, () => edit(withoutStep(request, at)))}
      </span>
      ${wrong ? html`<p class="setting-problem" role="alert">${problem.message}</p>` : nothing}
    </li>
  `;
}

/** How many rows there are at that place, which shows them when it is pressed. */
function rowsAfter(steps: number, rows: number | null, where: string, { snapshot, send }: PageContext): TemplateResult {
  const all = stepsOf(snapshot.request).length;
  const shown = snapshot.shown.afterSteps ?? all;
  const pressed = shown === steps;
  const label = `Show the rows ${where}`;
  return html`
    <button
      class="rows-after steady"
      aria-pressed=${pressed}
      aria-label=${rows === null ? label : `${counted(rows, 'row')} ${where}. ${label}`}
      title=${label}
      @click=${() => send({ type: 'show', shown: { part: null, afterSteps: steps === all ? null : steps } })}
    >→ ${rows !== null ? counted(rows, 'row') : snapshot.description.error ? NONE : '…'} <span class="codicon codicon-eye" aria-hidden="true"></span></button>
  `;
}

/** A step that is being written; it becomes one when it says something. */
function draftLine(draft: DraftStep, { snapshot, edit, pass }: PageContext): TemplateResult {
  const take = (step: DatasetStep): void => {
    if (!isWhole(step)) return pass({ draft: step as DraftStep });
    pass({ draft: null });
    edit(withSteps(snapshot.request, [...stepsOf(snapshot.request), step]));
  };
  return html`
    <li class="step draft">
      <span class="step-kind">${kindOf(draft)}</span>
      <span class="step-fields">${stepFields(draft, false, take, snapshot)}</span>
      <span class="step-actions">
        <button class="icon" aria-label="Give this step up" title="Give this step up" @click=${() => pass({ draft: null })}>
          <span class="codicon codicon-close" aria-hidden="true"></span>
        </button>
      </span>
    </li>
  `;
}

function isWhole(step: DatasetStep): boolean {
  if ('filter' in step) return step.filter.trim() !== '';
  if (!('derive' in step)) return true;
  const columns = Object.entries(step.derive);
  return columns.length > 0 && columns.every(([name, text]) => name.trim() !== '' && text !== '');
}

const kindOf = (step: DatasetStep): string => Object.keys(step)[0] ?? '';

const TAKEN_FIRST = 1000;

function adding(context: PageContext): TemplateResult {
  const { snapshot, edit, pass } = context;
  const columns = columnsOf(snapshot);
  const label = rolesOf(snapshot).label ?? columns.find(({ kind }) => kind === 'label')?.name ?? columns[0]?.name;
  const rows = snapshot.description.value?.rows ?? snapshot.opened.value?.rows ?? 0;
  const add = (step: DatasetStep): void => edit(withSteps(snapshot.request, [...stepsOf(snapshot.request), step]));
  const button = (name: string, meaning: string, run: () => void, disabled = false): TemplateResult => html`
    <button class="link" title=${meaning} ?disabled=${disabled} @click=${run}>+ ${name}</button>
  `;
  return html`
    <div class="adding">
      ${button('filter', 'Keep the rows for which a condition holds', () => pass({ draft: { filter: '' } }))}
      ${button('derive', 'Add a column that is made from others', () => pass({ draft: { derive: { '': '' } } }))}
      ${button('balance', 'Leave as many rows of each class as the rarest has', () => add({ balance: label ?? '' }), label === undefined)}
      ${button('take', `The first rows alone, such as ${count(TAKEN_FIRST)}`, () => add({ take: Math.max(1, Math.min(TAKEN_FIRST, rows)) }))}
    </div>
  `;
}
