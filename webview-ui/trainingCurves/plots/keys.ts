import { html, type TemplateResult } from 'lit';
import { styles } from '../../shared/styles.ts';
import type { Curve } from '../data/plotGroups.ts';
import { nearest } from '../data/points.ts';
import { type CurveColour, DASHES, PALETTE } from './colours.ts';
import type { PlottedCurve } from './plotted.ts';
import { valueText } from './values.ts';

/** What each line is and what it has at the cursor, else at its end. It keeps its place while numbers change. */
export function curveKeys(
  curves: readonly PlottedCurve[],
  at: number | null,
  share: boolean,
  runs: number,
): TemplateResult {
  if (runs > 1) return keysByRun(curves, at, share);
  return html`
    <div class="keys">
      ${curves.map(
        ({ curve, colour, ...points }) => html`
          <span class="key" title=${meaningOf({ curve, ...points }, at, share)}>
            ${lineSample(colour, curve)}<span class="quiet">${curve.label}</span>
            <b class="steady">${valueText(valueAt(points, at), share)}</b>
          </span>
        `,
      )}
    </div>
  `;
}

/** A row a run, a column a kind of line: how lines are dashed stands above, the run's colour beside. */
function keysByRun(curves: readonly PlottedCurve[], at: number | null, share: boolean): TemplateResult {
  const kinds = [...new Map(curves.map(({ curve }) => [curve.metric, curve])).values()];
  const folders = [...new Set(curves.map(({ run }) => run.folder))];
  return html`
    <div class="keys by-run" ${styles({ '--kinds': String(kinds.length) })}>
      <span></span>
      ${kinds.map(kind => html`<span class="key head">${lineSample(null, kind)}<span class="quiet">${kind.label}</span></span>`)}
      ${folders.map(folder => {
        const own = curves.filter(({ run }) => run.folder === folder);
        const [first] = own;
        return html`
          <span class="run-name" title=${first?.run.title ?? ''}>
            ${lineSample({ index: first?.colour.index ?? 0, strong: false }, null)}<span>${first?.run.title}</span>
          </span>
          ${kinds.map(kind => {
            const line = own.find(({ curve }) => curve.metric === kind.metric);
            return html`<b class="steady" title=${line ? meaningOf(line, at, share) : ''}>${line ? valueText(valueAt(line, at), share) : ''}</b>`;
          })}
        `;
      })}
    </div>
  `;
}

type WithPoints = Pick<PlottedCurve, 'raw' | 'shown'>;

const pointAt = ({ raw }: Pick<PlottedCurve, 'raw'>, at: number | null): number =>
  at === null ? raw.xs.length - 1 : nearest(raw, at);

const valueAt = (points: WithPoints, at: number | null): number => points.raw.ys[pointAt(points, at)] ?? Number.NaN;

function meaningOf(
  { curve, ...points }: WithPoints & { readonly curve: Curve },
  at: number | null,
  share: boolean,
): string {
  if (points.raw === points.shown) return curve.metric;
  return `${curve.metric}; smoothed ${valueText(points.shown.ys[pointAt(points, at)] ?? Number.NaN, share)}`;
}

/** A piece of a line, or the mark, as the plot draws it. Without a colour it tells the dashes alone, without a curve the colour. */
export const lineSample = (colour: CurveColour | null, curve: Curve | null): TemplateResult => {
  const classes = colour ? `${PALETTE[colour.index]?.slice(2) ?? ''} ${colour.strong ? 'strong' : ''}` : 'plain';
  return html`
    <svg class="line-sample ${classes} ${curve?.role === 'epoch' ? 'mark' : ''}" width="22" height="8" aria-hidden="true">
      <line x1="0" y1="4" x2="22" y2="4" stroke-dasharray=${curve ? DASHES[curve.role].join(' ') : ''} />
      <circle cx="11" cy="4" r="3.5" />
    </svg>
  `;
};
