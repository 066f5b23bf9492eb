/** A cell of a grid; the row of titles is `HEADER`. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export const HEADER = -1;

interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows that PageUp and PageDown go over. */
  readonly page: number;
}

/** Where a key leads in a grid (WAI-ARIA Authoring Practices, grid pattern); null for keys that lead nowhere. */
export function cellAfterKey(
  { row, column }: Cell,
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
  { rows, columns, page }: GridSize,
): Cell | null {
  const last = { row: rows - 1, column: columns - 1 };
  const to = (newRow: number, newColumn: number): Cell => ({
    row: Math.min(last.row, Math.max(HEADER, newRow)),
    column: Math.min(last.column, Math.max(0, newColumn)),
  });
  switch (key) {
    case 'ArrowDown':
      return to(row + 1, column);
    case 'ArrowUp':
      return to(row - 1, column);
    case 'ArrowRight':
      return to(row, column + 1);
    case 'ArrowLeft':
      return to(row, column - 1);
    case 'PageDown':
      return to(row + page, column);
    case 'PageUp':
      return to(Math.max(0, row - page), column);
    case 'Home':
      return ctrlKey ? to(0, 0) : to(row, 0);
    case 'End':
      return ctrlKey ? to(last.row, last.column) : to(row, last.column);
    default:
      return null;
  }
}
