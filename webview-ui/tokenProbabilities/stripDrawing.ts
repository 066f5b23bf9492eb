import { HEAT_STEPS_BITS, heatStep } from '../../src/protocol/heat.ts';
import { resolvedColours } from '../shared/theme.ts';
import type { TokenRow } from './rows.ts';
import { scaleTop, stripColumns } from './stripColumns.ts';

const INKS = ['--ink-0', '--ink-1', '--ink-2', '--ink-3', '--ink-4', '--ink-5'] as const;
/** Where there are more tokens than fit, a bar stands for several. */
const THINNEST_BAR_PIXELS = 2;
/** Bars wide enough to be told apart get a gap between them. */
const GAP_FROM_PIXELS = 4;

interface Drawing {
  readonly pen: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly top: number;
}

/** Bars by position: one a token, or where there are more tokens than pixels their mean under a faint peak. */
export function drawStrip(
  canvas: HTMLCanvasElement,
  rows: readonly TokenRow[],
  hiddenSteps: readonly number[],
  comparing: boolean,
): void {
  const plot = canvas.parentElement;
  const pen = canvas.getContext('2d');
  if (!plot || !pen) return;
  const { clientWidth: width, clientHeight: height } = plot;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  pen.scale(devicePixelRatio, devicePixelRatio);
  const bits = rows.map(({ token, step }) => (hiddenSteps.includes(step) ? null : token.surprisal));
  const secondBits = comparing ? rows.map(({ compared }) => compared?.surprisal ?? null) : [];
  const drawing = { pen, width, height, top: scaleTop([...bits, ...secondBits]) };
  const [grid = '', line = '', ...inks] = resolvedColours(plot, ['--grid', '--second', ...INKS]);
  drawGrid(drawing, grid);
  drawBars(drawing, bits, inks);
  if (comparing) drawLine(drawing, secondBits, line);
}

const gapOf = (barPixels: number): number => (barPixels >= GAP_FROM_PIXELS ? 1 : 0);

const heightOf = ({ height, top }: Drawing, bits: number): number => (bits / top) * (height - 1);

function drawGrid(drawing: Drawing, colour: string): void {
  drawing.pen.fillStyle = colour;
  for (const bits of [0, ...HEAT_STEPS_BITS.slice(1)]) {
    drawing.pen.fillRect(0, Math.round(drawing.height - heightOf(drawing, bits)) - 1, drawing.width, 1);
  }
}

function drawBars(drawing: Drawing, bits: readonly (number | null)[], inks: readonly string[]): void {
  const { pen, width, height } = drawing;
  const columns = stripColumns(bits, width / THINNEST_BAR_PIXELS);
  const each = width / Math.max(1, columns.length);
  const gap = gapOf(each);
  const bar = (at: number, value: number, opacity: number): void => {
    const size = Math.max(1, heightOf(drawing, value));
    pen.globalAlpha = opacity;
    pen.fillStyle = inks[heatStep(value)] ?? '';
    pen.fillRect(at * each, height - size, each - gap, size);
  };
  columns.forEach(({ mean, peak, to, from }, at) => {
    if (mean === null || peak === null) return;
    if (to - from > 1) bar(at, peak, 0.3);
    bar(at, mean, 1);
  });
  pen.globalAlpha = 1;
}

function drawLine(drawing: Drawing, bits: readonly (number | null)[], colour: string): void {
  const { pen, width, height } = drawing;
  const columns = stripColumns(bits, width / THINNEST_BAR_PIXELS);
  const each = width / Math.max(1, columns.length);
  pen.strokeStyle = colour;
  pen.lineWidth = gapOf(each) ? 1.5 : 1;
  pen.lineJoin = 'round';
  pen.beginPath();
  let drawn = false;
  columns.forEach(({ mean }, at) => {
    if (mean === null) {
      drawn = false;
      return;
    }
    const [x, y] = [(at + 0.5) * each, height - heightOf(drawing, mean)];
    if (drawn) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    drawn = true;
  });
  pen.stroke();
}
