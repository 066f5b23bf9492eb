import { linesOf } from '../lines.ts';
import type { SourceRow } from '../table.ts';
import type { FieldNames } from './fieldNames.ts';

/** A line is a JSON value. A line that is none is a row without cells, which says so. */
export async function* jsonlRows(pieces: AsyncIterable<string>, names: FieldNames): AsyncGenerator<SourceRow[]> {
  let line = 0;
  for await (const lines of linesOf(pieces)) {
    const rows: SourceRow[] = [];
    for (const text of lines) {
      line++;
      if (text.trim() !== '') rows.push(row(text, line, names));
    }
    yield rows;
  }
}

function row(text: string, line: number, names: FieldNames): SourceRow {
  try {
    return { cells: names.cells(JSON.parse(text)), line };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { cells: [], line, malformed: `It is not valid JSON: ${error.message}.` };
  }
}
