import { html, nothing, type TemplateResult } from 'lit';
import { nearest } from '../data/points.ts';
import { DASHES, PALETTE } from './colours.ts';
import type { PlottedCurve } from './plotted.ts';
import { valueText } from './values.ts';

/** What each line is and what it has at the cursor, else at its end. It keeps its place while numbers change. */
export function curveKeys(
  curves: readonly PlottedCurve[],
  at: number | null,
  share: boolean,
  runs: number,
): TemplateResult {
  const folders = [...new Set(curves.map(({ run }) => run.folder))];
  return html`
    <div class="keys">
      ${folders.map(folder => {
        const own = curves.filter(({ run }) => run.folder === folder);
        return html`
          <div class="run-keys">
            ${runs > 1 ? html`<span class="run-name" title=${own[0]?.run.title ?? ''}>${own[0]?.run.title}</span>` : nothing}
            ${own.map(curve => curveKey(curve, at, share))}
          </div>
        `;
      })}
    </div>
  `;
}

function curveKey({ curve, colour, raw, shown }: PlottedCurve, at: number | null, share: boolean): TemplateResult {
  const point = at === null ? raw.xs.length - 1 : nearest(raw, at);
  const value = raw.ys[point] ?? Number.NaN;
  const smooth = raw === shown ? null : shown.ys[point];
  return html`
    <span class="key" title=${smooth === null || smooth === undefined ? curve.metric : `${curve.metric}; smoothed ${valueText(smooth, share)}`}>
      ${lineSample(colour, DASHES[curve.role])}<span class="quiet">${curve.label}</span>
      <b class="steady">${valueText(value, share)}</b>
    </span>
  `;
}

/** A piece of a line, as the plot draws it. */
export const lineSample = (
  { index, strong }: { readonly index: number; readonly strong: boolean },
  dash: readonly number[],
): TemplateResult => html`
  <svg class="line-sample ${PALETTE[index]?.slice(2) ?? ''} ${strong ? 'strong' : ''}" width="22" height="8" aria-hidden="true">
    <line x1="0" y1="4" x2="22" y2="4" stroke-dasharray=${dash.join(' ')} />
  </svg>
`;
