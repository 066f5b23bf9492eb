import { html, nothing, type TemplateResult } from 'lit';
import type { RunEstimate } from '../../src/protocol/run/estimate.ts';
import { bytes as exactBytes, count, counted, duration, percent } from '../shared/format.ts';
import { progressBar } from '../shared/progressBar.ts';
import type { PageContext } from './context.ts';

/** To two digits: more would pretend. */
const bytes = (value: number): string => exactBytes(Number(value.toPrecision(2))).replace('.0', '');

/** What the run would take: estimates, and said to be. */
export function estimates(context: PageContext): TemplateResult {
  const { snapshot, ui, change } = context;
  const { description, estimate } = snapshot;
  const { value } = estimate;
  const counting = description.progress ?? snapshot.opened.progress;
  if (!value) {
    return html`
      <div class="estimates quiet">
        <span>${counting ? counting.message : 'Time, memory and disk are estimated once the data can be read.'}</span>
        ${counting ? progressBar(counting) : nothing}
      </div>
    `;
  }
  const short = (needed: number, there: number | null): boolean => there !== null && needed > there;
  return html`
    <div class="estimates ${counting ? 'counting' : ''}">
      <button class="estimate-line" aria-expanded=${ui.estimateOpen} title="How this is estimated" @click=${() => change({ estimateOpen: !ui.estimateOpen })}>
        <span class="codicon codicon-chevron-${ui.estimateOpen ? 'down' : 'right'}" aria-hidden="true"></span>
        <span class="quiet">Estimated:</span>
        <span><b>${duration(value.seconds)}</b></span>
        <span class=${short(value.memoryBytes, estimate.memoryBytes) ? 'short' : ''}><b>${bytes(value.memoryBytes)}</b> memory</span>
        ${value.deviceMemoryBytes === null ? nothing : html`<span><b>${bytes(value.deviceMemoryBytes)}</b> on the graphics card</span>`}
        <span class=${short(value.diskBytes, estimate.freeDiskBytes) ? 'short' : ''}><b>${bytes(value.diskBytes)}</b> disk</span>
        <span class="quiet">${counted(value.steps, 'step')} · ${share(value)}</span>
      </button>
      ${ui.estimateOpen ? details(value, context) : nothing}
    </div>
  `;
}

const share = ({ trainedParameters, parameters }: RunEstimate): string =>
  trainedParameters >= parameters
    ? 'all weights train'
    : `${percent(trainedParameters / parameters)} of the weights train`;

function details(value: RunEstimate, { snapshot }: PageContext): TemplateResult {
  const { threads, memoryBytes, freeDiskBytes } = snapshot.estimate;
  const rate = value.measuredBy
    ? `by the speed of “${value.measuredBy}” on this machine`
    : `by a typical rate of ${count(value.flopsPerSecond / 1e9)} GFLOP/s for ${counted(threads, 'thread')}, as no run of this model has been measured here`;
  const rows: ReadonlyArray<readonly [string, unknown]> = [
    [
      'Steps',
      `${count(value.steps)}, ${count(value.stepsPerEpoch)} an epoch, of ${counted(value.tokensPerStep, 'token')} each`,
    ],
    ['Time', `${duration(value.seconds)}, ${rate}; evaluations included`],
    [
      'Memory',
      `${bytes(value.memoryBytes)} of ${bytes(memoryBytes)}: weights, gradients, optimizer and activations${value.byBlocks ? '; gradients are found block by block, which takes less' : ''}`,
    ],
    ...(value.deviceMemoryBytes === null
      ? []
      : ([
          [
            'Graphics card',
            `${bytes(value.deviceMemoryBytes)} of its memory: what trains and the optimizer’s state three times, gradients and activations`,
          ],
        ] as const)),
    [
      'Disk',
      `${bytes(value.diskBytes)}${freeDiskBytes === null ? '' : ` of ${bytes(freeDiskBytes)} free`}: checkpoints, the model and the prepared data`,
    ],
    ['Trains', `${count(value.trainedParameters)} of ${count(value.parameters)} parameters`],
  ];
  return html`<dl class="estimate-details">${rows.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`;
}
