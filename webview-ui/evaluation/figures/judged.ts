import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Estimate, JudgeResult } from '../../../src/protocol/evaluation/folder.ts';
import { JUDGE_REFERENCES } from '../../../src/protocol/evaluation/judge.ts';
import { count } from '../../shared/format.ts';
import type { PageContext } from '../context.ts';
import { binButton } from './bin.ts';
import { interval } from './interval.ts';
import { tenths } from './tenths.ts';

const [WIDTH, HEIGHT, LEFT, TOP] = [300, 90, 30, 18];

type Column = Omit<JudgeResult['columns'][number], 'mean'> & { readonly mean: Estimate | number | null };

/** How each column of responses was scored: mean and distribution, beside published means. A bar shows its rows. */
export const judged = (columns: readonly Column[], context: PageContext): TemplateResult => html`
  <div class="figure-row">${columns.map(column => judgedColumn(column, columns.length > 1, context))}</div>
`;

function judgedColumn(column: Column, several: boolean, context: PageContext): TemplateResult {
  const { column: name, asked, scored, mean } = column;
  const failed = asked - scored;
  const showFailed = (): void =>
    context.ask({ only: 'left out', range: null, facets: several ? { column: name } : {} });
  return html`
    <section class="judged" aria-label=${name}>
      <h3>${name}</h3>
      <p class="large">
        ${
          mean === null
            ? html`<b>–</b>`
            : typeof mean === 'number'
              ? html`<b class="steady">${tenths(mean)}</b> <span class="quiet">so far</span>`
              : interval(mean, tenths, 100)
        }
      </p>
      <p class="quiet steady">
        ${count(scored)} of ${count(asked)} scored${mean === null ? '' : ', mean'}
        ${failed > 0 ? html` · <button class="link" @click=${showFailed}>${count(failed)} without a score</button>` : nothing}
      </p>
      ${histogramView(column, several, context)} ${references()}
    </section>
  `;
}

/** Means that others have published, which the lines in the picture stand for. */
const references = (): TemplateResult => html`
  <ul class="references quiet">
    ${JUDGE_REFERENCES.map(({ name, score, source }) => html`<li title=${source}><span class="dash" aria-hidden="true"></span> ${score} ${name}</li>`)}
  </ul>
`;

function histogramView({ column, histogram }: Column, several: boolean, { ui, ask }: PageContext): TemplateResult {
  const most = Math.max(1, ...histogram);
  const { range, facets } = ui.query;
  const x = (score: number): number => LEFT + (score / 100) * WIDTH;
  const bar = (rows: number, i: number): unknown => {
    const [from, to] = [i * 10, i * 10 + 10];
    const chosen = range?.key === 'score' && range.from === from && (!several || facets.column === column);
    const meaning = `${count(rows)} scored ${from} to ${to === 100 ? 100 : to - 1}`;
    const height = (rows / most) * HEIGHT;
    const choose = (): void =>
      ask({
        only: null,
        facets: several && !chosen ? { column } : {},
        range: chosen ? null : { key: 'score', from, to, with: to === 100 ? 'both' : 'from' },
      });
    const shapes = svg`
        <rect class="reach" x=${x(from)} y=${TOP} width=${WIDTH / 10} height=${HEIGHT}></rect>
        <rect class="filled" x=${x(from) + 1} y=${TOP + HEIGHT - height} width=${WIDTH / 10 - 2} height=${height}></rect>`;
    return binButton({ meaning, chosen, choose }, shapes);
  };
  return html`
    <svg width=${LEFT + WIDTH + 16} height=${TOP + HEIGHT + 18} role="group" aria-label=${`Scores of ${column}`}>
      <line class="grid-line" x1=${LEFT} x2=${LEFT + WIDTH} y1=${TOP + HEIGHT} y2=${TOP + HEIGHT}></line>
      <text x=${LEFT - 4} y=${TOP + 8} text-anchor="end">${count(most)}</text>
      ${histogram.map(bar)}
      ${JUDGE_REFERENCES.map(
        ({ score }) => svg`
          <g class="reference">
            <line x1=${x(score)} x2=${x(score)} y1="12" y2=${TOP + HEIGHT}></line>
            <text x=${x(score)} y="9" text-anchor="middle">${Math.round(score)}</text>
          </g>`,
      )}
      ${[0, 50, 100].map(at => svg`<text x=${x(at)} y=${TOP + HEIGHT + 13} text-anchor="middle">${at}</text>`)}
    </svg>
  `;
}
