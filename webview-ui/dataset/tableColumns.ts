import { html } from 'lit';
import type { ColumnKind, DatasetCell, DatasetColumn, DatasetRow } from '../../src/protocol/dataset.ts';
import type { Role } from '../../src/protocol/run/spec.ts';
import { count, counted } from '../shared/format.ts';
import { oneLine } from '../shared/whitespace.ts';
import type { PagedColumn } from '../shared/pagedGrid.ts';
import type { Roles } from './roles.ts';

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

/** The row's number, of so many. */
export const numberColumn = (total: number): PagedColumn<DatasetRow> => ({
  title: '#',
  meaning: 'The row’s number after the steps.',
  kind: 'numeric',
  width: 22 + 7.5 * Math.max(3, count(total).length),
  grows: 0,
  cell: ({ row, line }) => ({
    content: count(row + 1),
    kind: 'numeric quiet',
    meaning: line === undefined ? undefined : `Line ${count(line)} of the file`,
  }),
});

/** The columns of the rows, in the order of their cells. What is not described yet counts as text. */
export function tableColumns(
  names: readonly string[],
  described: readonly DatasetColumn[],
  roles: Roles,
): Array<PagedColumn<DatasetRow>> {
  return names.map((name, at) => {
    const column = described.find(one => one.name === name);
    const { icon, width, grows } = LOOKS[column?.kind ?? 'text'];
    const used = (Object.keys(roles) as Role[]).filter(role => roles[role] === name);
    const badges = used.filter(role => role !== name);
    const letters = name.length + badges.join('').length;
    const needed = letters * TITLE_LETTER_PIXELS + ICON_PIXELS + badges.length * BADGE_PIXELS;
    const numeric = column?.kind === 'number';
    return {
      title: html`<span class="codicon codicon-${icon}" aria-hidden="true"></span>
        <span class="column-name">${name}</span>${badges.map(role => html`<span class="role-badge">${role}</span>`)}`,
      meaning: meaningOf(name, column, used),
      kind: `${numeric ? 'numeric' : ''} ${used.length > 0 ? 'used' : ''}`,
      width: grows > 0 ? width : Math.round(Math.max(width, Math.min(WIDEST_TITLE_PIXELS, needed))),
      grows,
      cell: row => cellOf(row.cells[at], numeric),
    };
  });
}

const cellOf = ({ text, cut }: DatasetCell = { text: '' }, numeric: boolean) => ({
  content: text === '' ? html`<span class="nothing">–</span>` : oneLine(text),
  kind: numeric ? 'numeric' : '',
  meaning: cut ? text : undefined,
});

const PART_LETTERS = { train: 'tr', validation: 'va', test: 'te' } as const;

/** What a run makes of a row: its part, its tokens, and what is wrong with it. */
export const PREPARED_COLUMNS: ReadonlyArray<PagedColumn<DatasetRow>> = [
  {
    title: html`<span class="visually-hidden">part</span>`,
    meaning: 'The part of the split: train, validation or test.',
    kind: '',
    width: 34,
    grows: 0,
    cell: ({ part }) => ({
      content: part ? html`<span class="part-badge of-${part}" title=${part}>${PART_LETTERS[part]}</span>` : '',
    }),
  },
  {
    title: 'tokens',
    meaning: 'Tokens of the whole encoded row, before it is cut.',
    kind: 'numeric',
    width: 58,
    grows: 0,
    cell: ({ tokens }) => ({ content: tokens === undefined ? '' : count(tokens), kind: 'numeric' }),
  },
  {
    title: html`<span class="visually-hidden">problems</span>`,
    meaning: 'What is wrong with the row.',
    kind: '',
    width: 26,
    grows: 0,
    cell: ({ problems = [] }) =>
      problems.length === 0
        ? { content: '' }
        : {
            content: html`<span class="codicon codicon-warning" role="img" aria-label=${problems.join(' ')}></span>`,
            meaning: problems.join('\n'),
          },
  },
];

function meaningOf(name: string, column: DatasetColumn | undefined, roles: readonly Role[]): string {
  const used = roles.length > 0 ? ` Used as ${roles.join(' and ')}.` : '';
  if (!column) return `${name}.${used}`;
  const { kind, distinct, missing } = column;
  const values = distinct === null ? 'more than 1,000 distinct values' : counted(distinct, 'distinct value');
  return `${name}: ${kind}, ${values}, ${missing === 0 ? 'none' : count(missing)} missing.${used}`;
}
