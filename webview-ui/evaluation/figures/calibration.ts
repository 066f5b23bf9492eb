import { html, svg, type TemplateResult } from 'lit';
import type { ClassificationResult } from '../../../src/protocol/evaluation/folder.ts';
import { count, percent } from '../../shared/format.ts';
import type { PageContext } from '../context.ts';
import { binButton } from './bin.ts';

const SIDE = 150;
const [LEFT, TOP] = [28, 6];

type Bin = ClassificationResult['calibration'][number];

/** How often it was right by how sure it was (reliability diagram, Guo et al. 2017); a bar shows its rows. */
export function calibration(result: ClassificationResult, { ui, ask }: PageContext): TemplateResult {
  const bins = result.calibration.filter(({ rows }) => rows > 0);
  const { range } = ui.query;
  const isChosen = ({ from, to }: Bin): boolean =>
    range?.key === 'confidence' && range.from === from && range.to === to;
  const choose = (bin: Bin): void => {
    const { from, to } = bin;
    ask({ range: isChosen(bin) ? null : { key: 'confidence', from, to, with: from === 0 ? 'both' : 'to' } });
  };
  return html`
    <section class="calibration" aria-label="Calibration">
      <h3 title="A well calibrated model is right in 80 % of the rows of which it is 80 % sure: the bars reach the line">Calibration</h3>
      <svg width=${LEFT + SIDE + 8} height=${TOP + SIDE + 30} role="group" aria-label="Share right by confidence">
        ${ticks()}
        ${bins.map(bin => bar(bin, isChosen(bin), () => choose(bin)))}
        <line class="ideal" x1=${LEFT} y1=${TOP + SIDE} x2=${LEFT + SIDE} y2=${TOP}></line>
      </svg>
      <p class="quiet" title="Expected calibration error: the mean distance of the bars from the line, by rows (Guo et al. 2017)">
        off by ${percent(result.expectedCalibrationError)} on average
      </p>
    </section>
  `;
}

function bar(bin: Bin, chosen: boolean, choose: () => void): unknown {
  const { from, to, rows, confidence, accuracy } = bin;
  const meaning = `${percent(confidence)} sure on average in ${count(rows)} rows, right in ${percent(accuracy)}`;
  const shapes = svg`
      <rect class="reach" x=${LEFT + from * SIDE} y=${TOP} width=${(to - from) * SIDE} height=${SIDE}></rect>
      <rect class="filled" x=${LEFT + from * SIDE + 1} y=${TOP + SIDE * (1 - accuracy)} width=${Math.max(1, (to - from) * SIDE - 2)} height=${SIDE * accuracy}></rect>
      <circle cx=${LEFT + confidence * SIDE} cy=${TOP + SIDE * (1 - accuracy)} r="2.5"></circle>
  `;
  return binButton({ meaning, chosen, choose }, shapes);
}

function ticks(): unknown {
  return [0, 0.5, 1].map(
    at => svg`
      <line class="grid-line" x1=${LEFT} x2=${LEFT + SIDE} y1=${TOP + SIDE * (1 - at)} y2=${TOP + SIDE * (1 - at)}></line>
      <text x=${LEFT - 4} y=${TOP + SIDE * (1 - at) + 4} text-anchor="end">${at * 100}</text>
      <text x=${LEFT + SIDE * at} y=${TOP + SIDE + 13} text-anchor="middle">${at * 100}${at === 1 ? ' %' : ''}</text>
      ${at === 0.5 ? svg`<text class="axis" x=${LEFT + SIDE / 2} y=${TOP + SIDE + 27} text-anchor="middle">how sure it was</text>` : ''}
    `,
  );
}
