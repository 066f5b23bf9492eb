import { html } from 'lit';
import type { EvaluatedRow } from '../../../src/protocol/evaluation/folder.ts';
import { isLeftOut } from '../../../src/protocol/evaluation/rows.ts';
import type { ListedRow, RowKey } from '../../../src/protocol/panels/evaluation.ts';
import { NONE } from '../../shared/format.ts';
import type { Direction } from '../../shared/gridColumns.ts';
import type { PagedCell, PagedColumn } from '../../shared/pagedGrid.ts';
import { oneLine } from '../../shared/whitespace.ts';

export type Column = PagedColumn<ListedRow>;

export function head(
  title: string,
  meaning: string,
  kind: string,
  width: number,
  grows: number,
): Omit<Column, 'cell' | 'sort'> {
  return { title, meaning, kind, width, grows };
}

/** A row's main text, or why it has none. */
export const leading = (title: string, meaning: string, text: (row: EvaluatedRow) => string): Column => ({
  ...head(title, meaning, '', 140, 4),
  cell: ({ found }) => {
    if (!isLeftOut(found)) return written(text(found));
    const icon = html`<span class="codicon codicon-warning" aria-hidden="true"></span>`;
    return { content: html`${icon} <span class="why">${found.leftOut}</span>`, meaning: found.leftOut };
  },
});

export const written = (text: string | undefined): PagedCell => ({
  content:
    text === undefined || text === ''
      ? html`<span class="nothing">${text === '' ? 'nothing' : NONE}</span>`
      : oneLine(text.trim()),
  kind: 'lines',
});

export const EMPTY: PagedCell = { content: '' };

/** A column of those rows that `is` tells. */
export function columnOf<Row extends EvaluatedRow>(
  is: (row: EvaluatedRow) => row is Row,
  { title, meaning, width, grows = 0, numeric = false, sort }: ColumnLook,
  cell: (row: Row) => PagedCell,
): Column {
  const kind = numeric ? 'numeric' : '';
  return {
    ...head(title, meaning, kind, width, grows),
    ...(sort && { sort: { name: sort[0], first: sort[1] } }),
    cell: ({ found }) => {
      if (!is(found)) return EMPTY;
      const { kind: own = '', ...shown } = cell(found);
      return { ...shown, kind: `${kind} ${own}` };
    },
  };
}

interface ColumnLook {
  readonly title: string;
  readonly meaning: string;
  readonly width: number;
  readonly grows?: number;
  readonly numeric?: boolean;
  readonly sort?: readonly [RowKey, Direction];
}
