import { html, nothing, type TemplateResult } from 'lit';
import type { ComparedRow } from '../../../src/protocol/evaluation/folder.ts';
import { modelNames } from '../../../src/protocol/evaluation/modelNames.ts';
import { isCompared } from '../../../src/protocol/evaluation/rows.ts';
import { count, counted } from '../../shared/format.ts';
import { action } from '../../shared/toolbar.ts';
import { shortName } from '../about.ts';
import type { PageContext } from '../context.ts';
import { longText } from './longText.ts';
import { sidesOf, voteOn } from './votes.ts';
import { nextOpen } from './voting.ts';

/** How far the page looks for the next row without a vote before it asks for more. */
const LOOK_AHEAD = 100;

/** A row's two responses without their models' names, and a choice between them by keys or clicks. */
export function votingView(context: PageContext): TemplateResult {
  const { rows, passing } = context;
  const at = passing.votingAt;
  const found = rows.row(at)?.row.found;
  if (!found) rows.want(at, at + LOOK_AHEAD);
  const row = found && isCompared(found) ? found : undefined;
  const ended = rows.total !== null && at >= rows.total;
  return html`
    <section class="voting" aria-label="Blind vote" tabindex="0" @keydown=${(event: KeyboardEvent) => onKey(event, row, context)}>
      ${votingBar(context)}
      ${
        ended
          ? html`<div class="state"><h2>No row is left</h2>
              <p>${counted(context.snapshot.votes.length, 'vote')} are kept beside the evaluation. They can be exported as preferences to learn from.</p>
              <div class="buttons">
                <vscode-button @click=${() => context.send({ type: 'export', what: 'preferences' })}>Export preferences…</vscode-button>
                <vscode-button appearance="secondary" @click=${() => context.change({ voting: false })}>Back to the rows</vscode-button>
              </div></div>`
          : row
            ? ballot(row, context)
            : html`<p class="quiet">${found ? 'This row could not be compared. Skip it with →.' : 'The row comes…'}</p>`
      }
    </section>
  `;
}

function votingBar({ evaluation, snapshot, rows, ui, passing, change, pass }: PageContext): TemplateResult {
  const models = evaluation.request ? modelNames(evaluation.request) : [];
  const choose = (place: 0 | 1, event: Event): void => {
    const chosen = (event.target as HTMLSelectElement).selectedIndex;
    const pair = place === 0 ? ([chosen, ui.pair[1]] as const) : ([ui.pair[0], chosen] as const);
    if (pair[0] !== pair[1]) change({ pair });
  };
  const select = (place: 0 | 1): TemplateResult => html`
    <select aria-label=${place === 0 ? 'First model' : 'Second model'} @change=${(event: Event) => choose(place, event)}>
      ${models.map((model, i) => html`<option ?selected=${i === ui.pair[place]}>${shortName(model)}</option>`)}
    </select>
  `;
  return html`
    <div class="filter-bar">
      <b>Which is better?</b>
      ${models.length > 2 ? html`${select(0)} <span class="quiet">or</span> ${select(1)}` : nothing}
      <span class="quiet steady">row ${count(passing.votingAt + 1)} of ${count(rows.total ?? 0)} · ${counted(snapshot.votes.length, 'vote')}</span>
      <span class="grow"></span>
      ${action('arrow-left', '', 'The row before (Left arrow)', passing.votingAt === 0, () => pass({ votingAt: passing.votingAt - 1 }))}
      ${action('arrow-right', '', 'Skip this row (Right arrow)', passing.votingAt >= (rows.total ?? 0), () => pass({ votingAt: passing.votingAt + 1 }))}
      <button class="link" @click=${() => change({ voting: false })}>Back to the rows (Esc)</button>
    </div>
  `;
}

function ballot(row: ComparedRow, context: PageContext): TemplateResult {
  const { ui, snapshot } = context;
  const sides = sidesOf(row, ui.pair);
  const [a, b] = sides;
  const cast = a && b && voteOn(snapshot.votes, row.row, [a.model, b.model]);
  const button = (key: string, title: string, better: string | null): TemplateResult => html`
    <vscode-button appearance=${cast && cast.better === better ? 'primary' : 'secondary'} @click=${() => vote(row, better, context)}>${title} (${key})</vscode-button>
  `;
  return html`
    <div class="ballot">
      ${longText('prompt', row.prompt, 'quiet')}
      <div class="sides">
        ${sides.map(({ response }, i) => longText(i === 0 ? 'A' : 'B', response))}
      </div>
      <div class="choices" role="group" aria-label="Your vote">
        ${button('1', 'A is better', a?.model ?? '')} ${button('0', 'As good', null)} ${button('2', 'B is better', b?.model ?? '')}
        ${cast ? html`<span class="quiet">voted; a second vote replaces it</span>` : nothing}
      </div>
      ${row.reference ? html`<details><summary>Reference</summary>${longText('', row.reference, 'quiet')}</details>` : nothing}
    </div>
  `;
}

function vote(row: ComparedRow, better: string | null, context: PageContext): void {
  const { ui, passing, send, pass } = context;
  const [a, b] = sidesOf(row, ui.pair);
  if (!a || !b) return;
  send({ type: 'vote', row: row.row, between: [a.model, b.model], better });
  pass({ votingAt: nextOpen(context, passing.votingAt + 1) });
}

function onKey(event: KeyboardEvent, row: ComparedRow | undefined, context: PageContext): void {
  const { ui, passing, rows, change, pass } = context;
  if (event.target instanceof HTMLSelectElement) return;
  const sides = row ? sidesOf(row, ui.pair) : [];
  const better = { '1': sides[0]?.model, a: sides[0]?.model, '2': sides[1]?.model, b: sides[1]?.model, '0': null }[
    event.key
  ];
  if (row && better !== undefined) vote(row, better, context);
  else if (event.key === 'ArrowRight') pass({ votingAt: Math.min(rows.total ?? 0, passing.votingAt + 1) });
  else if (event.key === 'ArrowLeft') pass({ votingAt: Math.max(0, passing.votingAt - 1) });
  else if (event.key === 'Escape') change({ voting: false });
  else return;
  event.preventDefault();
}
