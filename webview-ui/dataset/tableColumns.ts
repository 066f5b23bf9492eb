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
  /** As a grid's track. */
  readonly track: string;
  readonly numeric: boolean;
}

const LOOKS: Readonly<Record<ColumnKind, { readonly icon: string; readonly width: number; readonly grows: number }>> = {
  text: { icon: 'symbol-string', width: 180, grows: 4 },
  label: { icon: 'tag', width: 90, grows: 0 },
  number: { icon: 'symbol-numeric', width: 80, grows: 0 },
  boolean: { icon: 'symbol-boolean', width: 80, grows: 0 },
  messages: { icon: 'comment-discussion', width: 180, grows: 4 },
  list: { icon: 'symbol-array', width: 140, grows: 2 },
  object: { icon: 'symbol-object', width: 140, grows: 2 },
  empty: { icon: 'circle-slash', width: 70, grows: 0 },
};

/** Beyond so many pixels a title is cut: its column has no room for it. */
const WIDEST_TITLE_PIXELS = 190;
const TITLE_LETTER_PIXELS = 7;

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
    const letters = name.length + used.join(' ').length;
    const room = Math.max(width, Math.min(WIDEST_TITLE_PIXELS, letters * TITLE_LETTER_PIXELS + 40));
    return {
      name,
      title: name,
      icon,
      roles: used,
      meaning: meaningOf(name, column, used),
      track: grows > 0 ? `minmax(${room}px, ${grows}fr)` : `${room}px`,
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

/** A cell's text on one line, its whitespace visible. */
export const oneLine = (text: string): string => text.replaceAll(/\r?\n/g, '⏎').replaceAll('\t', '⇥');
