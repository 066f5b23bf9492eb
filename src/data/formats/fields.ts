import type { SourceRow } from '../table.ts';
import { columnNames, hasHeader, SAMPLE_ROWS } from './header.ts';

/** A record of a TSV or CSV file before it is known whether it names the columns. */
export interface FieldsRecord {
  readonly fields: readonly string[];
  readonly line: number;
  readonly malformed?: string;
}

/** Rows out of records: the first of them decide about the header, and how many columns there are. */
export class FieldsReader {
  columns: readonly string[] = [];
  header = false;
  private readonly asked: boolean | null;

  constructor(header: boolean | null) {
    this.asked = header;
  }

  async *rows(batches: AsyncIterable<readonly FieldsRecord[]>): AsyncGenerator<readonly SourceRow[]> {
    let sample: readonly FieldsRecord[] | undefined = [];
    for await (const batch of batches) {
      if (!sample) {
        yield batch.map(record => this.row(record));
        continue;
      }
      sample = sample.concat(batch);
      if (sample.length <= SAMPLE_ROWS) continue;
      yield this.begin(sample);
      sample = undefined;
    }
    if (sample) yield this.begin(sample);
  }

  private begin(records: readonly FieldsRecord[]): SourceRow[] {
    const sample = records.slice(0, SAMPLE_ROWS).map(({ fields }) => fields);
    this.header = sample.length > 0 && (this.asked ?? hasHeader(sample));
    const names = this.header ? (sample[0] ?? null) : null;
    this.columns = columnNames(names, names?.length ?? commonLength(sample));
    return records.slice(this.header ? 1 : 0).map(record => this.row(record));
  }

  private row({ fields, line, malformed }: FieldsRecord): SourceRow {
    const [wanted, has] = [this.columns.length, fields.length];
    const wrong = malformed ?? (has === wanted ? undefined : `It has ${counted(has)}, and the file has ${wanted}.`);
    const cells = has > wanted ? fields.slice(0, wanted) : fields;
    return wrong === undefined ? { cells, line } : { cells, line, malformed: wrong };
  }
}

const counted = (columns: number): string => `${columns} ${columns === 1 ? 'column' : 'columns'}`;

/** How many fields most of these rows have. */
function commonLength(rows: ReadonlyArray<readonly unknown[]>): number {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}
