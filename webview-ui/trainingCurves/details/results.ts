import { html, nothing, type TemplateResult } from 'lit';
import type { CurvesRun } from '../../../src/protocol/panels/trainingCurves.ts';
import type { RunResult } from '../../../src/protocol/run/folder.ts';
import { PARTS } from '../../../src/protocol/run/names.ts';
import type { Part } from '../../../src/protocol/run/spec.ts';
import { bytes, count, duration, percent } from '../../shared/format.ts';
import { styles } from '../../shared/styles.ts';
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
  const part = PARTS.findLast(one => confusion[one]) ?? 'test';
  return html`
    <div class="confusions">
      ${PARTS.flatMap(one => {
        const matrix = confusion[one];
        return matrix ? [confusionMatrix(one, matrix.labels, matrix.counts, one === part)] : [];
      })}
    </div>
  `;
}

/** Rows are true labels, columns predicted ones; a cell is as strong as its share of the row. */
function confusionMatrix(
  part: Part,
  labels: readonly string[],
  counts: ReadonlyArray<readonly number[]>,
  last: boolean,
): TemplateResult {
  const of = (row: number, column: number): number => counts[row]?.[column] ?? 0;
  const rowTotal = (row: number): number => labels.reduce((sum, _, column) => sum + of(row, column), 0);
  const columnTotal = (column: number): number => labels.reduce((sum, _, row) => sum + of(row, column), 0);
  return html`
    <table class="plain confusion ${last ? 'last' : ''}">
      <caption>${part}: true label by row, predicted by column</caption>
      <thead>
        <tr><td></td>${labels.map(label => html`<th scope="col" class="number">${label}</th>`)}<th scope="col" class="number quiet">recall</th></tr>
      </thead>
      <tbody>
        ${labels.map(
          (label, row) => html`
            <tr>
              <th scope="row">${label}</th>
              ${labels.map((predicted, column) => {
                const share = of(row, column) / Math.max(1, rowTotal(row));
                return html`<td
                  class="number cell ${row === column ? 'right' : 'wrong'}"
                  title=${`${count(of(row, column))} of ${count(rowTotal(row))} “${label}” predicted as “${predicted}”: ${percent(share)}`}
                  ${styles({ '--share': String(Math.round(share * 100)) })}
                >${count(of(row, column))}</td>`;
              })}
              <td class="number quiet">${percent(of(row, row) / Math.max(1, rowTotal(row)))}</td>
            </tr>
          `,
        )}
        <tr>
          <th scope="row" class="quiet">precision</th>
          ${labels.map((_, column) => html`<td class="number quiet">${percent(of(column, column) / Math.max(1, columnTotal(column)))}</td>`)}
          <td></td>
        </tr>
      </tbody>
    </table>
  `;
}
