import { html, nothing, type TemplateResult } from 'lit';
import type { CurvesRun } from '../../../src/protocol/panels/trainingCurves.ts';
import type { RunResult } from '../../../src/protocol/run/folder.ts';
import { PARTS } from '../../../src/protocol/run/names.ts';
import { confusionMatrix } from '../../shared/confusion.ts';
import { bytes, count, duration } from '../../shared/format.ts';
import type { PageContext } from '../context.ts';
import { valueText } from '../plots/values.ts';

const SHARES = /accuracy$|precision$|recall$|f1$|fraction$/i;

/** The end of each run: its figures on all of every part, and who was taken for whom. */
export function results({ runs }: PageContext): TemplateResult {
  const ended = runs.flatMap(run => (run.result ? [{ run, result: run.result }] : []));
  return html`
    <div class="results">
      ${finalTable(ended)}
      ${ended.map(
        ({ run, result }) => html`
          <div>${costs(run, result, runs.length > 1)} ${confusions(result)} ${notes(result)}</div>
        `,
      )}
    </div>
  `;
}

function finalTable(ended: ReadonlyArray<{ readonly run: CurvesRun; readonly result: RunResult }>): TemplateResult {
  const metrics = [
    ...new Set(ended.flatMap(({ result }) => PARTS.flatMap(part => Object.keys(result.metrics[part] ?? {})))),
  ];
  const several = ended.length > 1;
  const rows = ended.flatMap(({ run, result }) =>
    PARTS.filter(part => result.metrics[part]).map(part => ({
      title: run.title,
      part,
      figures: result.metrics[part] ?? {},
    })),
  );
  return html`
    <table class="plain">
      <caption>Final figures, on all rows of each part</caption>
      <thead>
        <tr>${several ? html`<th scope="col">run</th>` : nothing}<th scope="col">part</th>
          ${metrics.map(metric => html`<th scope="col" class="number">${metric}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ title, part, figures }) => html`
            <tr class=${part === 'test' ? 'test' : ''}>
              ${several ? html`<th scope="row">${title}</th>` : nothing}<th scope="row">${part}</th>
              ${metrics.map(metric => html`<td class="number">${valueText(figures[metric] ?? Number.NaN, SHARES.test(metric))}</td>`)}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

const costs = ({ title, status }: CurvesRun, result: RunResult, several: boolean): TemplateResult => html`
  <p class="quiet steady costs">
    ${several ? html`<b>${title}</b> ` : nothing}${count(result.steps)} steps in ${duration(result.wallSeconds)} ·
    ${bytes(result.peakMemoryBytes)} of memory at most${status ? ` · ${status.device} of ${status.host}` : ''}
    ${result.bestStep === undefined ? '' : ` · best model after step ${count(result.bestStep)}`}
  </p>
`;

const notes = ({ notes = [] }: RunResult): TemplateResult | typeof nothing =>
  notes.length === 0 ? nothing : html`<ul class="notes">${notes.map(note => html`<li>${note}</li>`)}</ul>`;

function confusions({ confusion }: RunResult): TemplateResult | typeof nothing {
  if (!confusion) return nothing;
  return html`
    <div class="confusions">
      ${PARTS.flatMap(one => {
        const matrix = confusion[one];
        return matrix
          ? [confusionMatrix({ caption: `${one}: true label by row, predicted by column`, ...matrix })]
          : [];
      })}
    </div>
  `;
}
