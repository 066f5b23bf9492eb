import { type Cell, cellText } from '../../data/table.ts';
import type { View, ViewRow } from '../../data/view.ts';
import type { DatasetCell, DatasetRow, DatasetRows, DatasetRowsRequest } from '../../protocol/dataset.ts';
import type { Call } from '../../protocol/engine.ts';
import type { Part } from '../../protocol/run/spec.ts';
import { isLeftOut } from '../../training/examples/rowTexts.ts';
import type { DescribedRows } from './kept.ts';
import { type Asked, type Encoding, partsIfAny, tryEncoding, withViews } from './setting.ts';

/** UTF-16 units of a cell that are shown. */
const SHOWN_LENGTH = 400;
const MOST_ROWS = 1000;
/** UTF-16 units of a cell whose tokens are counted at once. */
const COUNTED_LENGTH = 10_000;

/** Some rows as they are shown. Their lengths are told where they can be encoded, their problems once they are known. */
export async function rowsOf(request: DatasetRowsRequest, asked: Asked, call: Call): Promise<DatasetRows> {
  const { part } = request;
  const { split } = asked.spec.dataset;
  if ('files' in split && part !== undefined && part !== 'train')
    return withViews(asked, call, async views => {
      const view = views[part]?.view;
      return view ? shown(view, request, { part }) : { columns: asked.view.view.columns, rows: [], total: 0 };
    });
  const encoding = await tryEncoding(request.dataset, asked);
  const parts = await partsIfAny(asked, call);
  const view = part === undefined ? undefined : asked.view.view.keep(parts?.rows[part] ?? new Uint32Array());
  const numbers = part === undefined ? undefined : parts?.rows[part];
  const { described } = asked.dataset;
  const known = described?.request === JSON.stringify(request.dataset) ? described : undefined;
  return shown(view ?? asked.view.view, request, {
    ...(numbers && { numbers }),
    ...(parts && { partOf: parts.ofRow }),
    ...('encoder' in encoding && { encoding }),
    ...(known && { known }),
  });
}

interface Shown {
  /** Numbers of the rows after the steps, where the view has only some of them. */
  readonly numbers?: Uint32Array;
  readonly part?: Part;
  readonly partOf?: (row: number) => Part;
  readonly encoding?: Encoding;
  /** Once the request has been described. */
  readonly known?: DescribedRows;
}

function shown(view: View, { from, count }: DatasetRowsRequest, with_: Shown): DatasetRows {
  const rows = view.readBatch(from, Math.min(count, MOST_ROWS)).map(row => shownRow(row, view.columns.length, with_));
  return { columns: view.columns, rows, total: view.count };
}

function shownRow(row: ViewRow, columns: number, { numbers, part, partOf, encoding, known }: Shown): DatasetRow {
  const number = numbers?.[row.row] ?? row.row;
  const tokens = known ? known.lengthOf(number) : encoding && tokensOf(row, encoding);
  const problems = known?.problemsOf(number) ?? [];
  const itsPart = part ?? partOf?.(number);
  return {
    row: number,
    source: row.source,
    ...(row.line > 0 && { line: row.line }),
    cells: Array.from({ length: columns }, (_, column) => shownCell(row.cells[column])),
    ...(tokens !== undefined && { tokens }),
    ...(itsPart && { part: itsPart }),
    ...(problems.length > 0 && { problems: problems.map(({ message }) => message) }),
  };
}

/** Undefined where counting would take longer than one waits for a page: describing counts all. */
function tokensOf(row: ViewRow, { encoder }: Encoding): number | undefined {
  if (row.cells.some(cell => cellText(cell).length > COUNTED_LENGTH)) return undefined;
  const texts = encoder.texts(row);
  if (isLeftOut(texts)) return undefined;
  return Math.max(...encoder.encode(texts).sequences.map(({ ids }) => ids.length));
}

function shownCell(cell: Cell | undefined): DatasetCell {
  const text = cellText(cell);
  return text.length <= SHOWN_LENGTH ? { text } : { text: `${text.slice(0, SHOWN_LENGTH)}…`, cut: true };
}
