import { rowWriters } from '../../data/writeRows.ts';
import { writeAtomically } from '../../models/atomicFile.ts';
import { RESPONSE_COLUMN } from '../../protocol/evaluation/folder.ts';
import { type EvaluationRows, readRows } from '../rows.ts';

const ROWS_AT_ONCE = 256;

/**
 * Writes rows with their responses as a JSON list, in the order of the rows: a dataset file like any other. Rows without
 * a response are left out; a column that bore the name gives way.
 */
export function writeResponses(
  file: string,
  rows: EvaluationRows,
  responses: ReadonlyMap<number, string>,
): Promise<void> {
  const own = rows.dataset.view.columns;
  const kept = [...own.keys()].filter(at => own[at] !== RESPONSE_COLUMN);
  const writer = rowWriters.json([...kept.map(at => own[at] as string), RESPONSE_COLUMN]);
  return writeAtomically(file, async handle => {
    await handle.write(writer.start);
    let first = true;
    for (let from = 0; from < rows.count; ) {
      const read = readRows(rows, from, ROWS_AT_ONCE);
      from += read.length;
      const answered = read
        .filter(({ row }) => responses.has(row))
        .map(row => ({ ...row, cells: [...kept.map(at => row.cells[at] ?? null), responses.get(row.row) ?? ''] }));
      if (answered.length === 0) continue;
      await handle.write(writer.rows(answered, first));
      first = false;
    }
    await handle.write(writer.end);
  });
}
