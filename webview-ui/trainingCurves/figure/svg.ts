import type { Figure, Line, Words } from './shapes.ts';

/** A figure as SVG 1.1: paths and texts, which other programs can edit. */
export function toSvg({ width, height, shapes }: Figure): string {
  const drawn = shapes.map(shape => (shape.kind === 'line' ? path(shape) : text(shape)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function path({ points, colour, width, dash, opacity, filled }: Line): string {
  const d = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('');
  if (filled) return `<path d="${d}Z" fill="${colour}"/>`;
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
  const faint = opacity < 1 ? ` stroke-opacity="${opacity}"` : '';
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"${dashes}${faint}/>`;
}

function text({ x, y, text, size, colour, anchor, bold }: Words): string {
  const weight = bold ? ' font-weight="bold"' : '';
  return `<text x="${short(x)}" y="${short(y)}" font-size="${size}" fill="${colour}" text-anchor="${anchor}"${weight}>${escaped(text)}</text>`;
}

/** Hundredths of a point are finer than any printer. */
const short = (value: number): string => String(Math.round(value * 100) / 100);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, found => ENTITIES[found] ?? found);
