import path from 'node:path';

/** What dataset files are called, as the patterns of menus in package.json have it. */
const NAMED_SO = /\.(tsv|csv|jsonl|ndjson|parquet)(\.gz)?$|\.(json|txt)\.gz$/i;

/** Lines of a file that are looked at where its name says nothing. */
const SEEN_LINES = 5;

/**
 * Whether a file is a dataset: by its name, or as its beginning shows: a JSON list of objects, or lines of which each
 * has as many tabs as the next.
 */
export function isDataset(file: string, beginning: string): boolean {
  const name = path.basename(file);
  if (NAMED_SO.test(name)) return true;
  if (/\.json$/i.test(name)) return /^\uFEFF?\s*\[\s*\{/.test(beginning);
  if (!/\.txt$/i.test(name)) return false;
  const lines = beginning.split(/\r?\n/).slice(0, SEEN_LINES + 1);
  const tabs = lines.slice(0, -1).map(line => line.split('\t').length - 1);
  return tabs.length > 1 && tabs.every(number => number > 0 && number === tabs[0]);
}

/** Whether it can be read as one, whatever it begins with: any text is rows, a line each. */
export const mayBeDataset = (file: string): boolean => NAMED_SO.test(file) || /\.(json|txt)$/i.test(file);

/** What a search of the workspace and the dialogs look for. */
export const DATASET_GLOB = '**/*.{tsv,csv,jsonl,parquet,tsv.gz,csv.gz,jsonl.gz,json}';
export const DATASET_FILTERS = {
  Datasets: ['tsv', 'csv', 'json', 'jsonl', 'parquet', 'txt', 'gz'],
  'All files': ['*'],
};
