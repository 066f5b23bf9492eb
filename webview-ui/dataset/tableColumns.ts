import type { ColumnKind, DatasetColumn } from '../../src/protocol/dataset.ts';
import type { Role } from '../../src/protocol/run/spec.ts';
import { count, counted } from '../shared/format.ts';
import type { Roles } from './roles.ts';

/** A column of the table of rows. */
export interface TableColumn {
  readonly name: string;
  readonly title: string;
  readonly icon: string;
  readonly roles: readonly Role[];
  /** In a sentence or two. */
  readonly meaning: string;
  /** In pixels, at least. */
  readonly width: number;
  /** Its share of what room is left. */
  readonly grows: number;
  readonly numeric: boolean;
}

const LOOKS: Readonly<Record<ColumnKind, { readonly icon: string; readonly width: number; readonly grows: number }>> = {
  text: { icon: 'symbol-string', width: 116, grows: 4 },
  label: { icon: 'tag', width: 90, grows: 0 },
  number: { icon: 'symbol-numeric', width: 80, grows: 0 },
  boolean: { icon: 'symbol-boolean', width: 80, grows: 0 },
  messages: { icon: 'comment-discussion', width: 116, grows: 4 },
  list: { icon: 'symbol-array', width: 100, grows: 2 },
  object: { icon: 'symbol-object', width: 100, grows: 2 },
  empty: { icon: 'circle-slash', width: 70, grows: 0 },
};

/** What a title may widen a column to that does not grow. */
const WIDEST_TITLE_PIXELS = 220;
const TITLE_LETTER_PIXELS = 7.5;
const ICON_PIXELS = 32;
const BADGE_PIXELS = 18;

/** The columns of the rows, in the order of their cells. What is not described yet counts as text. */
export function tableColumns(
  names: readonly string[],
  described: readonly DatasetColumn[],
  roles: Roles,
): TableColumn[] {
  return names.map(name => {
    const column = described.find(one => one.name === name);
    const { icon, width, grows } = LOOKS[column?.kind ?? 'text'];
    const used = (Object.keys(roles) as Role[]).filter(role => roles[role] === name);
    const badges = used.filter(role => role !== name);
    const letters = name.length + badges.join('').length;
    const title = letters * TITLE_LETTER_PIXELS + ICON_PIXELS + badges.length * BADGE_PIXELS;
    return {
      name,
      title: name,
      icon,
      roles: used,
      meaning: meaningOf(name, column, used),
      width: grows > 0 ? width : Math.round(Math.max(width, Math.min(WIDEST_TITLE_PIXELS, title))),
      grows,
      numeric: column?.kind === 'number',
    };
  });
}

function meaningOf(name: string, column: DatasetColumn | undefined, roles: readonly Role[]): string {
  const used = roles.length > 0 ? ` Used as ${roles.join(' and ')}.` : '';
  if (!column) return `${name}.${used}`;
  const { kind, distinct, missing } = column;
  const values = distinct === null ? 'more than 1,000 distinct values' : counted(distinct, 'distinct value');
  return `${name}: ${kind}, ${values}, ${missing === 0 ? 'none' : count(missing)} missing.${used}`;
}

/** The tracks of a grid with these columns, and what they need at least, in pixels. */
export function tracksOf(columns: ReadonlyArray<Pick<TableColumn, 'width' | 'grows'>>): {
  tracks: string;
  least: number;
} {
  const track = ({ width, grows }: Pick<TableColumn, 'width' | 'grows'>): string =>
    grows > 0 ? `minmax(${width}px, ${grows}fr)` : `${width}px`;
  return { tracks: columns.map(track).join(' '), least: columns.reduce((sum, { width }) => sum + width, 0) };
}

/** A cell's text on one line, its whitespace visible. */
export const oneLine = (text: string): string => text.replaceAll(/\r?\n/g, '⏎').replaceAll('\t', '⇥');
