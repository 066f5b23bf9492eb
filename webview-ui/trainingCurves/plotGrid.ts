import { html, type TemplateResult } from 'lit';
import { drawnRuns, firstRun, type PageContext } from './context.ts';
import { type PlotGroup, plotGroups } from './data/plotGroups.ts';
import './plots/plot.ts';
import { type PlotLook, type PlottedRun, stepAt, wholeRange, xOfStep } from './plots/plotted.ts';
import { X_TITLES } from './plots/values.ts';

/** Runs with their metrics, as the plots need them. */
export const plottedRuns = (context: PageContext): PlottedRun[] =>
  drawnRuns(context).map(({ run, index }) => ({
    folder: run.folder,
    title: run.title,
    index,
    table: context.store.metrics(run.folder),
    checkpoints: run.checkpoints,
    bestStep: run.result?.bestStep ?? null,
  }));

/** All plots that the metrics of all runs ask for. */
export const groupsOf = ({ runs, store }: PageContext): PlotGroup[] =>
  plotGroups([...new Set(runs.flatMap(({ folder }) => store.metrics(folder).names))]);

/** The plots: those that a run is judged by large, the others small under them. */
export function plots(context: PageContext): TemplateResult {
  const { ui } = context;
  const drawn = plottedRuns(context);
  const groups = groupsOf(context);
  const whole = wholeRange(drawn, ui.xAxis);
  const plot = (group: PlotGroup): TemplateResult => plotOf(group, drawn, whole, context);
  const [large, small] = [groups.filter(({ main }) => main), groups.filter(({ main }) => !main)];
  return html`
    <main class="plots">
      <div class="plot-row large">${large.map(plot)}</div>
      <p class="axis-words quiet">
        ${X_TITLES[ui.xAxis]}${large.length > 0 ? ', and under them examples seen' : ''}${marksWords(drawn)} · drag to zoom · click
        a point for its samples
      </p>
      <div class="plot-row small">${small.map(plot)}</div>
    </main>
  `;
}

/** What the marks on the axis are, where there are any. */
function marksWords(drawn: readonly PlottedRun[]): string {
  const checkpoints = drawn.some(({ checkpoints }) => checkpoints.length > 0) ? ' · ▲ checkpoint' : '';
  return `${checkpoints}${drawn.some(({ bestStep }) => bestStep !== null) ? ' · ◆ best model' : ''}`;
}

function plotOf(
  group: PlotGroup,
  drawn: readonly PlottedRun[],
  whole: readonly [number, number],
  { ui, runs, store, change, ...context }: PageContext,
): TemplateResult {
  const run = firstRun({ ui, runs, store, change, ...context });
  const first = drawn.find(({ folder }) => folder === run?.folder) ?? drawn[0];
  const look: PlotLook = { xAxis: ui.xAxis, smoothing: ui.smoothing, log: ui.log && !group.share, zoom: ui.zoom };
  return html`
    <lm-plot
      .group=${group}
      .drawn=${drawn}
      .runs=${runs.length}
      .look=${look}
      .whole=${whole}
      .chosen=${first && ui.step !== null ? xOfStep(first, ui.step, ui.xAxis) : null}
      .version=${store.version}
      .onZoom=${(zoom: readonly [number, number] | null) => change({ zoom })}
      .onSelect=${(x: number) => first && change({ step: stepAt(first, x, ui.xAxis), detail: 'samples' })}
    ></lm-plot>
  `;
}
