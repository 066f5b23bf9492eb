import type { OpenedDataset } from '../../protocol/dataset.ts';
import { Reasoned } from '../../protocol/result.ts';

const BY_ENDING: Readonly<Record<string, OpenedDataset['format']>> = {
  tsv: 'tsv',
  tab: 'tsv',
  csv: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  txt: 'txt',
  text: 'txt',
  md: 'txt',
};

/** By the ending of the file's name, .gz aside. Throws `dataset-format-unknown`. */
export function formatOf(file: string): OpenedDataset['format'] {
  const ending = /\.([^.\\/]+)$/.exec(file.replace(/\.gz$/i, ''))?.[1]?.toLowerCase() ?? '';
  const format = BY_ENDING[ending];
  if (format) return format;
  throw new Reasoned(
    'dataset-format-unknown',
    `"${file}" is not a dataset file: its name ends with ${ending === '' ? 'no ending' : `.${ending}`}.`,
    'Use tsv, csv, json, jsonl, parquet or txt, or one of these with .gz.',
  );
}
