import { linesOf } from '../lines.ts';
import type { SourceRow } from '../table.ts';

/** The lines of a plain text that are not blank, as rows of one column. */
export async function* txtRows(pieces: AsyncIterable<string>): AsyncGenerator<SourceRow[]> {
  let line = 0;
  for await (const lines of linesOf(pieces)) {
    const rows: SourceRow[] = [];
    for (const text of lines) {
      line++;
      if (text.trim() !== '') rows.push({ cells: [text], line });
    }
    yield rows;
  }
}
