import { linesOf } from '../lines.ts';
import type { FieldsRecord } from './fields.ts';

/** Nothing is quoted in a TSV: a line is a row, a tab ends a field. Empty lines are no rows. */
export async function* tsvRecords(pieces: AsyncIterable<string>): AsyncGenerator<FieldsRecord[]> {
  let line = 0;
  for await (const lines of linesOf(pieces)) {
    const records: FieldsRecord[] = [];
    for (const text of lines) {
      line++;
      if (text !== '') records.push({ fields: text.split('\t'), line });
    }
    yield records;
  }
}
