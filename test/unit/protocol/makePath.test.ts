import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createEvaluation } from '../../../src/protocol/evaluation/create.ts';
import { makePath } from '../../../src/protocol/makePath.ts';
import { createRun } from '../../../src/protocol/run/create.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'lm-lab-path-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const file = path.join(scratch, 'file');
writeFileSync(file, '');

test.each(['new', 'a/b/c', 'a/b/d', 'a', '.', path.resolve('/')])('%s is there afterwards', async name => {
  await makePath(path.resolve(scratch, name));
  expect(statSync(path.resolve(scratch, name)).isDirectory()).toBe(true);
});

test.each([
  [file, 'EEXIST'],
  [path.join(file, 'under', 'it'), 'ENOTDIR'],
])('%s is refused', async (folder, code) => {
  await expect(makePath(folder)).rejects.toMatchObject({ code });
});

const DATASET = { file: path.join(scratch, 'data.jsonl') };

// Node's own recursive mkdir never comes back from there.
test.runIf(process.platform === 'linux')('what takes no folder is told at once', async () => {
  await expect(makePath('/proc/x/y')).rejects.toMatchObject({ code: 'ENOENT' });
  const evaluation = { request: { task: 'probe', dataset: DATASET }, base: '/', evaluationsFolder: '/proc/x' } as const;
  await expect(createEvaluation(evaluation)).rejects.toMatchObject({ code: 'evaluation-folder-unwritable' });
  const run = {
    request: { method: 'lm', model: 'starter', dataset: DATASET },
    base: '/',
    runsFolder: '/proc/x',
  } as const;
  await expect(createRun(run)).rejects.toMatchObject({ code: 'run-folder-unwritable' });
});
