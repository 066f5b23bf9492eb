import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type uPlot from 'uplot';
import { LightElement } from '../../shared/lightElement.ts';
import { onThemeChange } from '../../shared/theme.ts';
import type { Range } from '../data/decimation.ts';
import type { PlotGroup } from '../data/plotGroups.ts';
import { nearest } from '../data/points.ts';
import { type ChartContent, type ChartEvents, chartKey, fillChart, makeChart } from './chart.ts';
import { curveKeys } from './keys.ts';
import { keyTarget } from './plotKeys.ts';
import {
  examplesSeen,
  furthestRun,
  type PlotLook,
  type PlottedCurve,
  type PlottedRun,
  plottedCurves,
  xOfStep,
} from './plotted.ts';
import { valueText, xText } from './values.ts';

/** A plot: its curves, what each has at the cursor (else at its end), and the keys that move in it. */
@customElement('lm-plot')
export class Plot extends LightElement {
  @property({ attribute: false }) group!: PlotGroup;
  @property({ attribute: false }) drawn: readonly PlottedRun[] = [];
  /** Of the page, drawn or not. */
  @property({ attribute: false }) runs = 1;
  @property({ attribute: false }) look!: PlotLook;
  @property({ attribute: false }) whole: Range = [0, 1];
  @property({ attribute: false }) chosen: number | null = null;
  /** Of the data; they grow in place. */
  @property({ attribute: false }) version = 0;
  @property({ attribute: false }) onZoom: (range: Range | null) => void = () => {};
  @property({ attribute: false }) onSelect: (x: number) => void = () => {};
  @state() private hovered: number | null = null;

  #curves: readonly PlottedCurve[] = [];
  #content: ChartContent | undefined;
  #chart: uPlot | undefined;
  #key = '';
  #stopWatchingTheme: (() => void) | undefined;
  readonly #resized = new ResizeObserver(() => this.#resize());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopWatchingTheme = onThemeChange(() => this.#make());
  }

  override disconnectedCallback(): void {
    this.#stopWatchingTheme?.();
    this.#resized.disconnect();
    this.#chart?.destroy();
    this.#chart = undefined;
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.size === 1 && changed.has('hovered' as never)) return;
    this.#curves = plottedCurves(this.group, this.drawn, this.runs, this.look);
    this.#content = this.#contentNow();
  }

  protected override render(): TemplateResult {
    const { title, meaning } = this.group;
    return html`
      <h3 title=${meaning}>${title}${this.look.log ? html`<span class="quiet"> log</span>` : nothing}</h3>
      ${curveKeys(this.#curves, this.hovered ?? this.chosen, this.group.share, this.runs)}
      <div
        class="chart"
        role="slider"
        tabindex="0"
        aria-label=${`${title}, place on the curves`}
        aria-valuemin=${this.whole[0]}
        aria-valuemax=${this.whole[1]}
        aria-valuenow=${this.hovered ?? this.chosen ?? this.whole[1]}
        aria-valuetext=${this.#spoken()}
        @keydown=${this.#onKey}
        @blur=${() => this.#moveCursor(null)}
      ></div>
    `;
  }

  protected override firstUpdated(): void {
    const element = this.#element;
    if (element) this.#resized.observe(element);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.size === 1 && changed.has('hovered' as never)) return;
    if (this.#key === chartKey(this.#shownContent) && this.#chart) fillChart(this.#chart, this.#shownContent);
    else this.#make();
  }

  get #shownContent(): ChartContent {
    this.#content ??= this.#contentNow();
    return this.#content;
  }

  get #element(): HTMLElement | null {
    return this.querySelector('.chart');
  }

  #make(): void {
    const element = this.#element;
    if (!element || element.clientWidth === 0) return;
    this.#chart?.destroy();
    const events: ChartEvents = {
      onHover: x => (this.hovered = x),
      onZoom: range => this.onZoom(range),
      onSelect: x => this.onSelect(x),
    };
    this.#key = chartKey(this.#shownContent);
    this.#chart = makeChart(element, () => this.#shownContent, events);
    fillChart(this.#chart, this.#shownContent);
  }

  #resize(): void {
    const element = this.#element;
    if (!element || element.clientWidth === 0) return;
    if (!this.#chart) return this.#make();
    this.#chart.setSize({ width: element.clientWidth, height: element.clientHeight });
    fillChart(this.#chart, this.#shownContent);
  }

  #contentNow(): ChartContent {
    const { group, look } = this;
    const furthest = furthestRun(this.drawn, look.xAxis);
    const marked = group.id === 'loss' ? this.drawn : [];
    const marks = (steps: (run: PlottedRun) => readonly number[]) =>
      marked.flatMap(run =>
        steps(run).flatMap(step => {
          const x = xOfStep(run, step, look.xAxis);
          return x === null ? [] : [{ x, colour: { index: this.runs > 1 ? run.index : 0, strong: false } }];
        }),
      );
    return {
      group,
      curves: this.#curves,
      look,
      range: look.zoom ?? this.whole,
      examplesAt: group.main && furthest ? x => examplesSeen(furthest, x, look.xAxis) : null,
      marks: {
        checkpoints: marks(run => run.checkpoints),
        best: marks(({ bestStep }) => (bestStep === null ? [] : [bestStep])),
        chosen: this.chosen,
      },
    };
  }

  #spoken(): string {
    const x = this.hovered ?? this.chosen;
    if (x === null) return 'no place chosen';
    const values = this.#curves.map(({ run, curve, raw }) => {
      const value = raw.ys[nearest(raw, x)] ?? Number.NaN;
      return `${this.runs > 1 ? `${run.title} ` : ''}${curve.label} ${valueText(value, this.group.share)}`;
    });
    return `${xText(x, this.look.xAxis)}: ${values.join(', ')}`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const target = keyTarget(
      event.key,
      this.hovered ?? this.chosen,
      this.#curves,
      this.look.zoom ?? this.whole,
      this.whole,
    );
    if (!target) return;
    event.preventDefault();
    if (target.kind === 'move') this.#moveCursor(target.x);
    else if (target.kind === 'zoom') this.onZoom(target.range);
    else this.onSelect(target.x);
  };

  #moveCursor(x: number | null): void {
    this.hovered = x;
    const chart = this.#chart;
    chart?.setCursor(x === null ? { left: -10, top: -10 } : { left: chart.valToPos(x, 'x'), top: 10 }, false);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lm-plot': Plot;
  }
}
