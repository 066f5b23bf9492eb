import { html, nothing, type TemplateResult } from 'lit';
import { count } from '../shared/format.ts';
import { firstRun, type PageContext } from './context.ts';
import { clock, valueText } from './plots/values.ts';

const PLACE = ['step', 'epoch', 'examplesSeen', 'tokensSeen', 'elapsedSeconds'];
const SHARES = /accuracy$|fraction$/i;

/** The step that was chosen on a curve: all its figures, and the checkpoint that a model of it can be had from. */
export function chosenPoint(context: PageContext): TemplateResult | typeof nothing {
  const { ui, store, send, change } = context;
  const run = firstRun(context);
  if (!run || ui.step === null) return nothing;
  const table = store.metrics(run.folder);
  const line = table.column('step').lastIndexOf(ui.step);
  if (line < 0) return nothing;
  const figures = table.names
    .filter(name => !PLACE.includes(name))
    .map(name => [name, lastOfStep(table.column(name), table.column('step'), ui.step ?? 0)] as const)
    .filter(([, value]) => !Number.isNaN(value));
  const away = (step: number): number => Math.abs(step - (ui.step ?? 0));
  const [checkpoint] = run.checkpoints.toSorted((a, b) => away(a) - away(b));
  return html`
    <section class="chosen-point" aria-label="The chosen point">
      <b>Step ${count(ui.step)}</b>
      <span class="quiet steady">
        epoch ${Number(table.value('epoch', line).toFixed(2))} · ${count(table.value('examplesSeen', line))} examples ·
        ${clock(table.value('elapsedSeconds', line))}
      </span>
      <dl class="figures">
        ${figures.map(
          ([name, value]) =>
            html`<div class="figure"><dt>${name}</dt><dd>${valueText(value, SHARES.test(name))}</dd></div>`,
        )}
      </dl>
      ${
        checkpoint === undefined
          ? nothing
          : html`<button class="link" title="Reveal its folder" @click=${() => send({ type: 'openCheckpoint', folder: run.folder, step: checkpoint })}>
              ${checkpoint === ui.step ? 'Its checkpoint' : `Nearest checkpoint: step ${count(checkpoint)}`}
            </button>`
      }
      <button class="icon" aria-label="Choose no point" title="Choose no point" @click=${() => change({ step: null })}>
        <span class="codicon codicon-close" aria-hidden="true"></span>
      </button>
    </section>
  `;
}

/** An evaluation may have a line of its own beside its step's. */
function lastOfStep(values: Float64Array, steps: Float64Array, step: number): number {
  return values.findLast((value, line) => steps[line] === step && !Number.isNaN(value)) ?? Number.NaN;
}
