export type Cell = string | number | null;
export type Rows = ReadonlyArray<readonly Cell[]>;

/** Rows for a spreadsheet's paste. A line is a row, so line ends and tabs are written `\n`, `\t`. */
export function tsvOf(rows: Rows): string {
  const written: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  const cell = (value: Cell): string => String(value ?? '').replace(/[\\\t\n\r]/g, found => written[found] ?? found);
  return rows.map(row => `${row.map(cell).join('\t')}\n`).join('');
}

/** Rows as RFC 4180 writes them. */
export function csvOf(rows: Rows): string {
  const cell = (value: Cell): string => {
    const text = String(value ?? '');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map(row => `${row.map(cell).join(',')}\r\n`).join('');
}
