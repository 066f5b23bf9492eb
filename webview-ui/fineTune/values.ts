import type { FieldKind } from './fields.ts';

/** How a value is written in its field. */
export function written({ is }: FieldKind, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (is === 'list' && Array.isArray(value)) return value.join(', ');
  if (is === 'words' && typeof value === 'object') {
    return Object.entries(value)
      .map(([label, word]) => `${label}: ${word}`)
      .join(', ');
  }
  if (is === 'rule' && typeof value === 'object') {
    const [[kind, what] = []] = Object.entries(value);
    return what === true ? `${kind}` : `${kind}: ${what}`;
  }
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Small ones as one writes them: `5e-5`. */
const numberText = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential().replace('e+', 'e') : String(value);

/** The value that a field's text stands for; undefined where it is empty. What is none is handed on as it is, to be refused. */
export function readField(kind: FieldKind, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  switch (kind.is) {
    case 'number':
    case 'number or word':
      return numberOr(trimmed);
    case 'yes':
      return trimmed === 'true';
    case 'list':
      return listed(text).map(item => (kind.of === 'numbers' ? numberOr(item) : item));
    case 'words':
      return wordsOf(text);
    case 'rule':
      return ruleOf(text);
    default:
      return text;
  }
}

/** `0: negative, 1: positive`; the word is kept with its space in front, where it has more than one. */
function wordsOf(text: string): unknown {
  const pairs = text
    .split(/[,\n]/)
    .filter(item => item.trim() !== '')
    .map(item => item.split(':'));
  if (!pairs.every(pair => pair.length === 2)) return text;
  return Object.fromEntries(pairs.map(([label = '', word = '']) => [label.trim(), word.replace(/^ /, '')]));
}

/** A rule by its name and what it looks for; what names none is handed on as it is. */
function ruleOf(text: string): unknown {
  if (text.trim() === 'label') return { label: true };
  const [, kind, what] = /^\s*(contains|startsWith|regex): ?(.*)$/s.exec(text) ?? [];
  return kind === undefined ? text : { [kind]: what };
}

const listed = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map(item => item.trim())
    .filter(item => item !== '');

const numberOr = (text: string): number | string => (Number.isFinite(Number(text)) ? Number(text) : text);
