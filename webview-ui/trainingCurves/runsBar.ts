import { html, nothing, type TemplateResult } from 'lit';
import type { CurvesRun } from '../../src/protocol/panels/trainingCurves.ts';
import { STATE_WORDS } from '../../src/protocol/run/words.ts';
import '../shared/menu.ts';
import type { MenuItem } from '../shared/menu.ts';
import { action, chooser } from '../shared/toolbar.ts';
import { type CurvesUi, INITIAL_UI, type PageContext } from './context.ts';
import type { XAxis } from './data/points.ts';
import { exportItems } from './figure/export.ts';
import { PALETTE } from './plots/colours.ts';
import { lineSample } from './plots/keys.ts';

const X_AXES = [
  { id: 'step', label: 'steps' },
  { id: 'epoch', label: 'epochs' },
  { id: 'elapsedSeconds', label: 'time' },
];

/** Which runs are drawn over each other, and how. */
export function runsBar(context: PageContext): TemplateResult {
  const { ui, runs, change } = context;
  return html`
    <div class="runs-bar">
      <div class="chips" role="group" aria-label="Runs">
        ${runs.length > 1 ? runs.map((run, index) => chip(run, index, context)) : nothing}
        <lm-menu .icon=${'add'} .text=${'Compare'} .label=${'Draw another run over this one'} .items=${otherItems(context)}></lm-menu>
      </div>
      <div class="looks">
        <span class="labelled" title="What the curves are drawn over">
          <span class="quiet" aria-hidden="true">x</span>
          ${chooser('What the curves are drawn over', X_AXES, ui.xAxis, false, id => change({ xAxis: id as XAxis, zoom: null }))}
        </span>
        ${smoothing(ui, change)}
        <button
          class="icon toggle"
          aria-pressed=${ui.log}
          aria-label="Logarithmic scale"
          title="Logarithmic scale"
          @click=${() => change({ log: !ui.log })}
        >log</button>
        <span class="actions">
          ${action('zoom-out', '', 'Show all of it (double click, or 0)', ui.zoom === null, () => change({ zoom: null }))}
          <lm-menu .icon=${'export'} .label=${'Export the curves'} .items=${exportItems(context)}></lm-menu>
        </span>
      </div>
    </div>
  `;
}

function smoothing({ smoothing }: CurvesUi, change: PageContext['change']): TemplateResult {
  const meaning = 'Smoothing: how much of each value is what came before. The raw line stays, fainter.';
  return html`
    <label class="labelled" title=${meaning}>
      <span class="quiet">smooth</span>
      <input
        type="range"
        min="0"
        max="0.99"
        step="0.01"
        aria-label="Smoothing"
        .value=${String(smoothing)}
        @input=${(event: Event) => change({ smoothing: Number((event.target as HTMLInputElement).value) })}
        @dblclick=${() => change({ smoothing: INITIAL_UI.smoothing })}
      />
      <span class="steady smoothing-value">${smoothing.toFixed(2)}</span>
    </label>
  `;
}

/** A run: a click leaves its curves out or draws them again. */
function chip(run: CurvesRun, index: number, { ui, runs, send, change }: PageContext): TemplateResult {
  const hidden = ui.hidden.includes(run.folder);
  const toggled = hidden ? ui.hidden.filter(folder => folder !== run.folder) : [...ui.hidden, run.folder];
  const others = runs.map(({ folder }) => folder).filter(folder => folder !== run.folder);
  return html`
    <span class="chip ${hidden ? 'hidden' : ''}">
      <button
        aria-pressed=${!hidden}
        title=${`${run.name}: ${STATE_WORDS[run.state]}. ${hidden ? 'Draw its curves' : 'Leave its curves out'}`}
        @click=${() => change({ hidden: toggled })}
        @dblclick=${() => send({ type: 'show', folders: [run.folder, ...others] })}
      >${lineSample({ index: index % PALETTE.length, strong: false }, null)}<span class="chip-name">${run.title}</span></button>
      <button class="icon" aria-label=${`Remove ${run.title}`} title="Remove it from the page" @click=${() => send({ type: 'show', folders: others })}>
        <span class="codicon codicon-close" aria-hidden="true"></span>
      </button>
    </span>
  `;
}

function otherItems({ store, runs, send }: PageContext): MenuItem[] {
  const shown = runs.map(({ folder }) => folder);
  const others = (store.snapshot?.others ?? []).map(({ folder, title, state }) => ({
    label: title,
    hint: STATE_WORDS[state],
    icon: 'graph-line',
    run: () => send({ type: 'show', folders: [...shown, folder] }),
  }));
  const first = runs.slice(1).map(({ folder, title }, i) => ({
    label: title,
    icon: 'arrow-up',
    ...(i === 0 && { section: 'Put first' }),
    run: () => send({ type: 'show', folders: [folder, ...shown.filter(other => other !== folder)] }),
  }));
  const open = {
    label: 'Open a run folder…',
    icon: 'folder-opened',
    section: '',
    run: () => send({ type: 'openFolder' }),
  };
  return [...others, ...first, open];
}
