import { html, nothing, type TemplateResult } from 'lit';
import { isUnderWay } from '../../src/protocol/branches.ts';
import { columnView } from './column.ts';
import { comparisonBar, marksOf } from './comparisonBar.ts';
import { isOpen, type PageContext, shownColumns } from './context.ts';
import { promptView } from './prompt.ts';
import { toolbar } from './toolbar.ts';
import { starterNotice } from '../shared/starterNotice.ts';

/** The whole page, as the last snapshot has it. */
export function page(context: PageContext): TemplateResult {
  const columns = shownColumns(context.snapshot);
  const comparison = marksOf(columns, context.ui.compared);
  return html`
    <div class="page" @keydown=${(event: KeyboardEvent) => onKey(event, context)}>
      ${toolbar(context)} ${promptView(context)} ${starterLine(context)} ${comparisonBar(comparison, context)}
      ${
        columns.length === 0
          ? noColumns(context)
          : html`<main class="columns ${columns.some(({ column }) => isOpen(context.ui, column.id, 'settings')) ? '' : 'aligned'}">${columns.map(column => columnView(column, comparison, context))}</main>`
      }
    </div>
  `;
}

/** Escape stops, wherever the focus is; what is open closes before. */
function onKey(event: KeyboardEvent, { snapshot, send }: PageContext): void {
  if (event.key !== 'Escape' || !Object.values(snapshot.results).some(isUnderWay)) return;
  send({ type: 'stop' });
  event.preventDefault();
}

function noColumns({ snapshot, send }: PageContext): TemplateResult {
  return html`
    <section class="state" aria-label="No columns">
      <h2>One prompt, several ways to go on</h2>
      <p>A column holds decoding settings. Begin with a preset, then change what you like and run it again.</p>
      <div class="buttons">
        ${snapshot.presets.map(
          preset => html`
            <vscode-button appearance="secondary" @click=${() => send({ type: 'addColumn', from: preset })}>
              ${preset.name}
            </vscode-button>
          `,
        )}
      </div>
    </section>
  `;
}

function starterLine({ snapshot, ui, send, change }: PageContext): TemplateResult | typeof nothing {
  if (!snapshot.offersGpt2 || ui.starterNoticeClosed) return nothing;
  return starterNotice({
    rougher: 'texts',
    getGpt2: () => send({ type: 'runCommand', command: 'lmLab.downloadModel' }),
    close: () => change({ starterNoticeClosed: true }),
  });
}
