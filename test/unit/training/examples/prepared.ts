import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { complete } from '../../../../src/protocol/run/defaults.ts';
import type { SplitFile } from '../../../../src/protocol/run/folder.ts';
import type { RunRequest, RunSpec } from '../../../../src/protocol/run/spec.ts';
import { loadTokenizer } from '../../../../src/tokenizer/load.ts';
import type { Examples } from '../../../../src/training/examples/examples.ts';
import { readExamples } from '../../../../src/training/examples/files.ts';
import { prepareRun } from '../../../../src/training/examples/prepareRun.ts';
import { temporaryFolder } from '../../data/setting.ts';

/** 512 tokens, a context of 32. */
export const TINY = path.resolve('test/parity/fixtures/head-size-12');
export const CONTEXT = 32;
export const tokenizer = await loadTokenizer(TINY);

export type Asked = Omit<RunRequest, 'model' | 'dataset'> & {
  dataset?: Partial<RunRequest['dataset']>;
  model?: string;
};

export const IN_ORDER = { train: 0.5, validation: 0.25, test: 0.25, shuffle: false };

/** Writes the files and prepares a run of `rows.jsonl`, or of the file that the request names. */
export async function prepared(
  files: Readonly<Record<string, string>>,
  { dataset, ...request }: Asked,
  signal?: AbortSignal,
) {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  const run = path.join(folder, 'run');
  await mkdir(run);
  const file = `../${dataset?.file ?? 'rows.jsonl'}`;
  const spec = complete({ model: 'starter', ...request, dataset: { split: IN_ORDER, ...dataset, file } });
  const again = (): Promise<void> =>
    prepareRun(run, spec, { starterFolder: TINY, home: path.join(folder, 'home'), ...(signal && { signal }) });
  await again();
  const json = async <T>(name: string): Promise<T> => JSON.parse(await readFile(path.join(run, name), 'utf8')) as T;
  const part = (name: string): Promise<Examples> => readExamples(path.join(run, 'data', `${name}.safetensors`));
  return { run, again, part, spec: await json<RunSpec>('run.json'), split: await json<SplitFile>('split.json') };
}

export const lines = (rows: readonly object[]): string => rows.map(row => `${JSON.stringify(row)}\n`).join('');

/** The ids of each sequence. */
export const idsOf = ({ ids, offsets }: Examples): number[][] =>
  offsets.slice(1).map((end, sequence) => [...ids.subarray(offsets[sequence], end)]);
