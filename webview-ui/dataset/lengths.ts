import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { LengthStatistics } from '../../src/protocol/dataset.ts';
import { count, counted } from '../shared/format.ts';
import { styles } from '../shared/styles.ts';
import type { PageContext } from './context.ts';
import { withTraining } from './edits.ts';
import { lengthPicture } from './lengthBars.ts';

/** How long rows are in tokens, and which of them are cut. */
export function lengths(context: PageContext): TemplateResult | typeof nothing {
  const statistics = context.snapshot.description.value?.lengths;
  if (!statistics) return nothing;
  return html`
    <section class="part part-lengths" aria-label="Lengths in tokens">
      <h3>Lengths</h3>
      <div class="part-body">${guard([statistics], () => picture(statistics))} ${figures(statistics, context)}</div>
    </section>
  `;
}

function picture(statistics: LengthStatistics): TemplateResult {
  const { bars, cut, end } = lengthPicture(statistics);
  const { maxLength } = statistics;
  const percent = (share: number): string => `${share * 100}%`;
  return html`
    <div class="histogram" role="img" aria-label=${`Lengths up to ${counted(end, 'token')}; the cut is at ${count(maxLength)}.`}>
      ${bars.map(
        ({ from, to, rows, height, beyond }) => html`
          <span class="length-bar ${beyond ? 'beyond' : ''}" title=${`${count(from)} to ${count(to - 1)} tokens: ${counted(rows, 'row')}`}>
            <span ${styles({ height: percent(height) })}></span>
          </span>
        `,
      )}
      ${cut === null ? nothing : html`<span class="cut" ${styles({ left: percent(cut) })}><span>${count(maxLength)}</span></span>`}
    </div>
    <div class="scale quiet steady" aria-hidden="true"><span>0</span><span>${counted(end, 'token')}</span></div>
  `;
}

function figures(statistics: LengthStatistics, { snapshot, edit }: PageContext): TemplateResult {
  const figure = (title: string, value: number, meaning: string): TemplateResult =>
    html`<div class="figure" title=${meaning}><dt>${title}</dt><dd><b>${count(value)}</b></dd></div>`;
  const chooses = (title: string, value: number, meaning: string): TemplateResult => html`
    <div class="figure">
      <dt>${title}</dt>
      <dd>
        <button
          class="link"
          title=${`${meaning} Click: cut at ${count(value)} tokens.`}
          @click=${() => edit(withTraining(snapshot.request, { maxLength: Math.max(1, Math.ceil(value)) }))}
        >${count(value)}</button>
      </dd>
    </div>
  `;
  const { beyond, maxLength } = statistics;
  return html`
    <dl class="figures">
      <div class="figure" title="Longer sequences are cut or dropped, as “too long” says.">
        <dt class=${beyond > 0 ? 'some' : ''}>beyond ${count(maxLength)}</dt>
        <dd><b class=${beyond > 0 ? 'some' : ''}>${beyond > 0 ? count(beyond) : 'none'}</b></dd>
      </div>
      ${figure('mean', statistics.mean, 'Tokens of a sequence, on average.')}
      ${figure('median', statistics.median, 'Half of the sequences have no more tokens.')}
      ${chooses('p95', statistics.p95, '95 % of the sequences have no more tokens.')}
      ${chooses('p99', statistics.p99, '99 % of the sequences have no more tokens.')}
      ${chooses('max', statistics.max, 'The longest sequence.')}
    </dl>
  `;
}
