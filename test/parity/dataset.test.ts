import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { complete } from '../../src/protocol/run/defaults.ts';
import type { SplitFile } from '../../src/protocol/run/folder.ts';
import type { RunRequest } from '../../src/protocol/run/spec.ts';
import type { Examples } from '../../src/training/examples/examples.ts';
import { readExamples } from '../../src/training/examples/files.ts';
import { prepareRun } from '../../src/training/examples/prepareRun.ts';
import { STARTER } from './expected.ts';

// What test/parity/dataset/generate.py makes of the same rows with transformers.

interface Case {
  readonly name: string;
  readonly rows: readonly object[];
  readonly request: Omit<RunRequest, 'model' | 'dataset'> & { readonly dataset: Omit<RunRequest['dataset'], 'file'> };
  readonly expected: Record<keyof Examples, number | readonly number[] | null>;
  readonly leftOut: readonly number[];
}

const cases = JSON.parse(await readFile(path.resolve('test/parity/dataset/fixtures/examples.json'), 'utf8')) as Case[];

test.each(cases)('$name', async ({ rows, request, expected, leftOut }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lm-lab-examples-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const run = path.join(folder, 'run');
  await mkdir(run);
  await writeFile(path.join(folder, 'rows.jsonl'), rows.map(row => `${JSON.stringify(row)}\n`).join(''));
  const split = { train: 1, validation: 0, test: 0, shuffle: false };
  const spec = complete({ ...request, model: STARTER, dataset: { ...request.dataset, file: '../rows.jsonl', split } });

  await prepareRun(run, spec, { starterFolder: STARTER, home: path.join(folder, 'home') });

  const prepared = await readExamples(path.join(run, 'data', 'train.safetensors'));
  expect({
    ...prepared,
    ids: [...prepared.ids],
    promptTokens: [...prepared.promptTokens],
    scored: [...prepared.scored],
  }).toEqual(expected);
  const written = JSON.parse(await readFile(path.join(run, 'split.json'), 'utf8')) as SplitFile;
  expect(written.leftOut.map(({ row }) => row)).toEqual(leftOut);
  const learned = [...rows.keys()].filter(row => !leftOut.includes(row));
  expect(written).toMatchObject({ train: learned, validation: [], test: [] });
});
