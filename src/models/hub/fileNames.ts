import { extname } from 'node:path';
import { exists } from '../files.ts';

const DATA_FILE = /\.(tsv|tab|csv|json|jsonl|ndjson|parquet|txt)(\.gz)?$/i;

/** Files with the endings of data that hold something else. */
const NO_DATA =
  /(^|\/)(\.[^/]*|dataset_infos?\.json|dataset_dict\.json|state\.json|dataset_info\.json|package\.json|requirements\.txt|licen[cs]e[^/]*|readme[^/]*)$/i;

/** Whether a file is data, by its name. */
export const isDataFile = (path: string): boolean => DATA_FILE.test(path) && !NO_DATA.test(path);

/** The name itself where nothing bears it, else with a number: `data-2.csv`. */
export async function freeName(file: string): Promise<string> {
  if (!(await exists(file))) return file;
  const ending = /(\.[^.\\/]+)?\.gz$/i.exec(file)?.[0] ?? extname(file);
  const stem = file.slice(0, file.length - ending.length);
  for (let number = 2; ; number++) {
    const candidate = `${stem}-${number}${ending}`;
    if (!(await exists(candidate))) return candidate;
  }
}
