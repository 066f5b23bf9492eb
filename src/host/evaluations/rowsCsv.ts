import type { EvaluatedRow } from '../../protocol/evaluation/folder.ts';
import { confidenceOf, isCompared, isLabelled } from '../../protocol/evaluation/rows.ts';
import { type Cell, csvOf } from '../panels/tables.ts';

/** Rows as a spreadsheet reads them: a column a field, a label's score and a model's figures each in one of their own. */
export function rowsCsv(rows: readonly EvaluatedRow[], task: string): string {
  const flat = rows.map(row => flatRow(row, task));
  const names = [...new Set(flat.flatMap(row => Object.keys(row)))];
  return csvOf([names, ...flat.map(row => names.map(name => row[name] ?? null))]);
}

function flatRow(row: EvaluatedRow, task: string): Record<string, Cell> {
  if (isLabelled(row)) {
    const { scores, ...rest } = row;
    const scored = Object.entries(scores).map(([label, score]) => [`score ${label}`, score] as const);
    return {
      ...rest,
      right: Number(row.label === row.predicted),
      confidence: confidenceOf(row, task),
      ...Object.fromEntries(scored),
    };
  }
  if (isCompared(row)) {
    const { models, ...rest } = row;
    return Object.assign({ ...rest }, ...models.map(one => flatModel(one))) as Record<string, Cell>;
  }
  return cellsOf(row);
}

function flatModel({ model, checks, ...figures }: Extract<EvaluatedRow, { models: unknown }>['models'][number]) {
  const cells = Object.entries(cellsOf(figures)).map(([name, value]) => [`${name} ${model}`, value] as const);
  const passed = checks.map((check, i) => [`check ${i + 1} ${model}`, Number(check)] as const);
  return Object.fromEntries<Cell>([...cells, ...passed]);
}

const cellsOf = (fields: object): Record<string, Cell> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'object' && value ? JSON.stringify(value) : value,
    ]),
  );
