import type { Figure, Line, Shape, Words } from './shapes.ts';

/**
 * A figure as a PDF of one page: vectors and words in Helvetica, which every reader has (PDF 1.4, ISO 32000 sections 7.5,
 * 8.5 and 9.6). A library for it would be larger than all of this panel. Characters beyond Latin 1 are written as `?`.
 */
export function toPdf(figure: Figure): Uint8Array {
  const content = figure.shapes.map(shape => operators(shape, figure.height)).join('\n');
  const opacities = [...new Set(figure.shapes.map(opacityOf))];
  const states = opacities.map(opacity => `/${stateName(opacity)} << /CA ${opacity} >>`).join(' ');
  const font = (name: string): string =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${figure.width} ${figure.height}] /Contents 4 0 R ` +
      `/Resources << /Font << /F1 5 0 R /F2 6 0 R >> /ExtGState << ${states} >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    font('Helvetica'),
    font('Helvetica-Bold'),
  ];
  return latin1(assembled(objects));
}

/** Header, objects, table of their places, trailer. Every character is one byte, so lengths are places. */
function assembled(objects: readonly string[]): string {
  let file = '%PDF-1.4\n';
  const places = objects.map((object, i) => {
    const place = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const entries = places.map(place => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return `${file}xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
}

const operators = (shape: Shape, height: number): string =>
  shape.kind === 'line' ? lineOperators(shape, height) : wordsOperators(shape, height);

/** A PDF counts from the lower edge. */
function lineOperators(line: Line, height: number): string {
  const { points, colour, width, dash, filled } = line;
  if (points.length === 0) return '';
  const path = points.map(([x, y], i) => `${short(x)} ${short(height - y)} ${i === 0 ? 'm' : 'l'}`).join('\n');
  if (filled) return `${rgb(colour)} rg\n${path}\nf`;
  return `q /${stateName(opacityOf(line))} gs ${rgb(colour)} RG ${width} w 1 j [${dash.join(' ')}] 0 d\n${path}\nS Q`;
}

function wordsOperators({ x, y, text, size, colour, anchor, bold }: Words, height: number): string {
  const written = [...text].map(character => WIN_ANSI[character] ?? (character <= '\u00ff' ? character : '?')).join('');
  const shift = { start: 0, middle: 0.5, end: 1 }[anchor] * widthOf(written) * size;
  const string = written.replace(/[\\()]/g, found => `\\${found}`);
  return `BT /${bold ? 'F2' : 'F1'} ${size} Tf ${rgb(colour)} rg ${short(x - shift)} ${short(height - y)} Td (${string}) Tj ET`;
}

const opacityOf = (shape: Shape): number => (shape.kind === 'line' ? shape.opacity : 1);
const stateName = (opacity: number): string => `G${Math.round(opacity * 100)}`;
const short = (value: number): string => String(Math.round(value * 100) / 100);

const rgb = (colour: string): string =>
  [1, 3, 5].map(at => short(Number.parseInt(colour.slice(at, at + 2), 16) / 255)).join(' ');

/** Characters that WinAnsiEncoding has elsewhere than Unicode (ISO 32000, annex D). */
const WIN_ANSI: Readonly<Record<string, string>> = {
  '…': '\x85',
  '–': '\x96',
  '−': '-',
  '“': '\x93',
  '”': '\x94',
  '’': '\x92',
};

/** Widths in Helvetica, in thousandths of its size, of what stands on axes (Adobe's metrics of the 14 standard fonts). */
const WIDTHS: Readonly<Record<string, number>> = {
  '.': 278,
  ',': 278,
  ':': 278,
  '-': 333,
  '%': 889,
  k: 500,
  M: 833,
  ' ': 278,
};
const USUAL_WIDTH = 556; // of the digits, and of most letters

const widthOf = (text: string): number =>
  [...text].reduce((sum, character) => sum + (WIDTHS[character] ?? USUAL_WIDTH), 0) / 1000;

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0));
