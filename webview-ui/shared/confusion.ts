import { html, type TemplateResult } from 'lit';
import { count, percent } from './format.ts';
import { styles } from './styles.ts';

interface Confusion {
  readonly caption: unknown;
  readonly labels: readonly string[];
  /** `counts[i][j]`: rows of label i that were taken for label j. */
  readonly counts: ReadonlyArray<readonly number[]>;
  /** What a cell leads to; absent: nothing. */
  readonly choose?: (label: string, predicted: string) => void;
  readonly isChosen?: (label: string, predicted: string) => boolean;
}

/** Rows are true labels, columns predicted ones; a cell is as strong as its share of the row. */
export function confusionMatrix(confusion: Confusion): TemplateResult {
  const { caption, labels, counts } = confusion;
  const of = (row: number, column: number): number => counts[row]?.[column] ?? 0;
  const rowTotal = (row: number): number => labels.reduce((sum, _, column) => sum + of(row, column), 0);
  const columnTotal = (column: number): number => labels.reduce((sum, _, row) => sum + of(row, column), 0);
  return html`
    <table class="plain confusion">
      <caption>${caption}</caption>
      <thead>
        <tr><td></td>${labels.map(label => html`<th scope="col" class="number" title=${label}>${label}</th>`)}<th scope="col" class="number quiet">recall</th></tr>
      </thead>
      <tbody>
        ${labels.map(
          (label, row) => html`
            <tr>
              <th scope="row" title=${label}>${label}</th>
              ${labels.map((predicted, column) => cell(label, predicted, of(row, column), rowTotal(row), confusion))}
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

function cell(
  label: string,
  predicted: string,
  rows: number,
  total: number,
  { choose, isChosen }: Confusion,
): TemplateResult {
  const share = rows / Math.max(1, total);
  const meaning = `${count(rows)} of ${count(total)} “${label}” predicted as “${predicted}”: ${percent(share)}`;
  const chosen = isChosen?.(label, predicted) ?? false;
  return html`<td
    class="number cell ${label === predicted ? 'right' : 'wrong'} ${chosen ? 'chosen' : ''}"
    title=${meaning}
    ${styles({ '--share': String(Math.round(share * 100)) })}
  >${
    choose
      ? html`<button aria-label=${`${meaning}. Show these rows`} aria-pressed=${chosen} ?disabled=${rows === 0} @click=${() => choose(label, predicted)}>${count(rows)}</button>`
      : count(rows)
  }</td>`;
}
