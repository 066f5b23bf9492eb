import type { Figure, Line, Words } from './shapes.ts';

/** Pixels a point: fine enough for a page and a slide. */
const SCALE = 3;

/** A figure as PNG. */
export async function toPng({ width, height, shapes }: Figure): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(Math.ceil(width * SCALE), Math.ceil(height * SCALE));
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('The page has no canvas to draw the picture on.');
  pen.scale(SCALE, SCALE);
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, width, height);
  for (const shape of shapes) {
    if (shape.kind === 'line') drawLine(pen, shape);
    else drawWords(pen, shape);
  }
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}

function drawLine(
  pen: OffscreenCanvasRenderingContext2D,
  { points, colour, width, dash, opacity, filled }: Line,
): void {
  pen.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
  pen.globalAlpha = opacity;
  pen.lineJoin = 'round';
  pen.lineWidth = width;
  pen.setLineDash([...dash]);
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  if (filled) pen.fill();
  else pen.stroke();
  pen.globalAlpha = 1;
}

function drawWords(pen: OffscreenCanvasRenderingContext2D, { x, y, text, size, colour, anchor, bold }: Words): void {
  pen.font = `${bold ? 'bold ' : ''}${size}px Helvetica, Arial, sans-serif`;
  pen.textAlign = ({ start: 'left', middle: 'center', end: 'right' } as const)[anchor];
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}
