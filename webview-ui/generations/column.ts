import { html, nothing, type TemplateResult } from 'lit';
import { isUnderWay, textOf } from '../../src/protocol/branches.ts';
import type { Alternative } from '../../src/protocol/engine.ts';
import type { ColumnResult } from '../../src/protocol/panels/generations.ts';
import { counted } from '../shared/format.ts';
import '../shared/generatedText.ts';
import { problemsOf } from '../shared/settingProblems.ts';
import { settingsForm } from '../shared/settingsForm.ts';
import { branchingPoints } from './branchRows.ts';
import { branchTree } from './branchTree.ts';
import { columnHead } from './columnHead.ts';
import { columnState } from './columnState.ts';
import type { ComparedColumns } from './comparisonBar.ts';
import { isOpen, type PageContext, type ShownColumn, toggledDetail } from './context.ts';
import { details } from './details.ts';
import { figures, whyEnded } from './figures.ts';
import { leadOf } from './lead.ts';
import { settingsLine } from '../shared/settingsLine.ts';

/** One way to go on: its settings, its text, what sums it up, its branches, its tokens. */
export function columnView(
  shown: ShownColumn,
  comparison: ComparedColumns | undefined,
  context: PageContext,
): TemplateResult {
  const { column, result } = shown;
  const running = result !== null && isUnderWay(result);
  return html`
    <section class="column ${running ? 'running' : ''}" aria-label=${column.name}>
      ${columnHead(shown, context)}
      <div class="column-settings">${settingsButton(shown, context)} ${form(shown, context)}</div>
      <div class="column-text">${columnState(shown, context)} ${text(shown, comparison, context)}</div>
      <div class="column-figures">${summary(shown)}</div>
      <div class="column-tree">${result ? branchTree(column.id, result, context) : nothing}</div>
      <div class="column-details">${details(shown, context)}</div>
    </section>
  `;
}

function settingsButton({ column }: ShownColumn, { ui, change }: PageContext): TemplateResult {
  const open = isOpen(ui, column.id, 'settings');
  const problems = problemsOf(column.settings).size;
  return html`
    <button
      class="disclosure"
      aria-expanded=${open}
      title="Decoding settings"
      @click=${() => change(toggledDetail(ui, column.id, 'settings'))}
    >
      <span class="codicon codicon-chevron-${open ? 'down' : 'right'}" aria-hidden="true"></span>
      <span class="settings-line">${settingsLine(column.settings)}</span>
      ${problems > 0 ? html`<span class="codicon codicon-error" title=${counted(problems, 'problem')}></span>` : nothing}
    </button>
  `;
}

function form({ column }: ShownColumn, { ui, send }: PageContext): TemplateResult | typeof nothing {
  if (!isOpen(ui, column.id, 'settings')) return nothing;
  return settingsForm({
    settings: column.settings,
    name: `${column.name}-${column.id}`,
    onChange: settings => send({ type: 'editColumn', column: column.id, changes: { settings } }),
  });
}

function text(
  { column, result, tokens }: ShownColumn,
  comparison: ComparedColumns | undefined,
  { ui, send }: PageContext,
): TemplateResult | typeof nothing {
  if (!result || (tokens.length === 0 && result.beams.length === 0 && !isUnderWay(result))) return nothing;
  const branch = result.branches.find(({ id }) => id === result.selected);
  const running = branch?.state === 'running' || branch?.state === 'waiting';
  const choose = (at: number, { id }: Alternative): void =>
    send({ type: 'branch', column: column.id, branch: result.selected, at, id });
  const best = tokens.length === 0 ? result.beams.at(-1)?.[0]?.text : undefined;
  return html`
    <div class="reading">
      <div>
        <span class="lead">${leadOf(result.prompt)}</span>${
          best === undefined
            ? html`<lm-generated-text
                .tokens=${tokens}
                .text=${textOf(tokens)}
                .look=${{ hiddenSteps: ui.hiddenSteps, underline: ui.underline }}
                .marks=${marksIn(result, comparison?.marks[column.id])}
                .drawn=${result.settings.decoding === 'sample'}
                .running=${running}
                .label=${`Text of ${column.name}, token by token`}
                .onChoose=${choose}
              ></lm-generated-text>`
            : html`<span class="best-beam">${best}</span>`
        }
      </div>
    </div>
    <p class="ending quiet">${branch ? whyEnded(branch.state, result.settings) : ''}</p>
  `;
}

/** Tokens that differ from another column's, and those that were chosen by hand. */
function marksIn(
  { branches, selected }: ColumnResult,
  differing?: ReadonlyMap<number, string>,
): ReadonlyMap<number, string> {
  const marks = new Map(differing);
  for (const at of branchingPoints(branches, selected)) marks.set(at, `chosen ${marks.get(at) ?? ''}`);
  return marks;
}

function summary({ result, tokens }: ShownColumn): TemplateResult | typeof nothing {
  if (!result || tokens.length === 0) return nothing;
  const branch = result.branches.find(({ id }) => id === result.selected);
  return html`
    <dl class="figure-list">
      ${figures(tokens, branch).map(
        ({ name, value, meaning }) =>
          html`<div title=${meaning}><dt>${name}</dt><dd class="steady">${value}</dd></div>`,
      )}
    </dl>
  `;
}
