import type { MenuItem } from '../../shared/menu.ts';
import type { PageContext } from '../context.ts';
import { groupsOf, plottedRuns } from '../plotGrid.ts';
import { type FigureContent, figureOf } from './figure.ts';
import { toPdf } from './pdf.ts';
import { toPng } from './png.ts';
import type { Figure } from './shapes.ts';
import { toSvg } from './svg.ts';

const WRITERS = {
  png: toPng,
  svg: (figure: Figure) => new TextEncoder().encode(toSvg(figure)),
  pdf: toPdf,
} as const;

/** The plots as they stand, on white paper, or their numbers. */
export function exportItems(context: PageContext): MenuItem[] {
  const write = (format: keyof typeof WRITERS) => async (): Promise<void> => {
    const content = await WRITERS[format](figureOf(contentOf(context)));
    context.send({ type: 'exportFigure', format, content });
  };
  return [
    { label: 'PNG', hint: 'picture', icon: 'file-media', run: write('png') },
    { label: 'SVG', hint: 'vectors', icon: 'file-media', run: write('svg') },
    { label: 'PDF', hint: 'vectors', icon: 'file-pdf', run: write('pdf') },
    { label: 'CSV', hint: 'all values', icon: 'table', run: () => context.send({ type: 'exportCsv' }) },
  ];
}

function contentOf(context: PageContext): FigureContent {
  const { xAxis, smoothing, log, zoom } = context.ui;
  return {
    groups: groupsOf(context),
    drawn: plottedRuns(context),
    runs: context.runs.length,
    look: { xAxis, smoothing, log, zoom },
  };
}
