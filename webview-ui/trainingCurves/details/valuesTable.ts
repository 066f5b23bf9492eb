import { html, nothing, type TemplateResult } from 'lit';
import type { MetricsTable } from '../../../src/protocol/run/metrics.ts';
import { count } from '../../shared/format.ts';
import { drawnRuns, type PageContext } from '../context.ts';
import { clock, valueText } from '../plots/values.ts';

/** More rows than this say no more to a reader; the CSV has all. */
const MOST_ROWS = 200;
const SHARES = /accuracy$|fraction$/i;
const WHOLE = ['step', 'examplesSeen', 'tokensSeen'];

/** What the plots show as a table: every evaluation, and steps between them. */
export function valuesTable(context: PageContext): TemplateResult {
  const { store, send } = context;
  return html`${drawnRuns(context).map(({ run }) => {
    const table = store.metrics(run.folder);
    const lines = shownLines(table);
    const names = table.names;
    return html`
      <table class="plain values">
        <caption>
          ${run.title}: ${lines.length < table.length ? `${count(lines.length)} of ${count(table.length)} lines, evaluations all` : 'all lines'}
          <button class="link" @click=${() => send({ type: 'exportCsv' })}>All as CSV…</button>
        </caption>
        <thead><tr>${names.map(name => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
        <tbody>
          ${lines.map(line => html`<tr>${names.map(name => html`<td class="number">${cellText(name, table.value(name, line))}</td>`)}</tr>`)}
        </tbody>
      </table>
      ${lines.length === 0 ? html`<p class="quiet">Nothing is measured yet.</p>` : nothing}
    `;
  })}`;
}

/** Lines of evaluations, and others at equal distances between them. */
export function shownLines(table: MetricsTable): number[] {
  const evaluations = table.column('evalLoss');
  const every = Math.ceil(table.length / MOST_ROWS);
  const isEvaluation = (line: number): boolean => evaluations.length > 0 && !Number.isNaN(evaluations[line]);
  const lines = Array.from({ length: table.length }, (_, line) => line);
  return lines
    .filter(line => line % every === 0 || line === table.length - 1 || isEvaluation(line))
    .slice(0, 5 * MOST_ROWS);
}

function cellText(name: string, value: number): string {
  if (Number.isNaN(value)) return '';
  if (WHOLE.includes(name)) return count(value);
  if (name === 'elapsedSeconds') return clock(value);
  if (name === 'epoch') return value.toFixed(2);
  return valueText(value, SHARES.test(name));
}
