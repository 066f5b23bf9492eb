import { resolve } from 'node:path';
import { Option } from 'commander';
import type { EvaluationSpec } from '../protocol/evaluation/request.ts';
import type { Part, Role } from '../protocol/run/spec.ts';
import { column } from './columnOption.ts';
import { wrongUsage } from './failure.ts';
import { count } from './options.ts';

// The options that say which rows of a dataset file are meant, for every command that takes rows.

export interface RowsOptions {
  readonly file?: string;
  readonly column: Partial<Record<Role, string>>;
  readonly header?: boolean;
  readonly part?: Part;
  readonly rows?: number;
}

export const rowsOptions = (): Option[] => [
  new Option('--file <file>', 'the dataset file'),
  new Option('--column <role=column>', 'what a column is used as, such as text=review; may be given again')
    .argParser(column)
    .default({}, 'guessed'),
  new Option('--header', 'the first line names the columns; guessed where left out'),
  new Option('--no-header', 'the first line is a row'),
  new Option('--part <part>', 'only this part of the split, as a run makes it').choices([
    'train',
    'validation',
    'test',
  ]),
  new Option('--rows <count>', 'at most so many rows, from the first on').argParser(count),
];

/** With absolute paths. Throws wrong usage where there is no file. */
export function rowsOf(options: RowsOptions): Pick<EvaluationSpec, 'dataset' | 'part' | 'rows'> {
  const { file, column: columns, header, part, rows } = options;
  if (file === undefined) throw wrongUsage('There must be a --file.', 'Give the dataset file with the rows.');
  return { dataset: { file: resolve(file), columns, header: header ?? null }, part: part ?? null, rows: rows ?? null };
}
