import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRun, runName } from '../../../../src/protocol/run/create.ts';
import type { RunRequest } from '../../../../src/protocol/run/spec.ts';

const at = new Date('2026-11-22T17:10:05.123Z');

test.each([
  ['samples/sms-spam.tsv', 'classification', '2026-11-22T17-10-05-sms-spam-classification'],
  ['C:\\data\\my rows.jsonl.gz', 'sft', '2026-11-22T17-10-05-my-rows-sft'],
  ['données/été.v2.csv', 'lm', '2026-11-22T17-10-05-été.v2-lm'],
] as const)('%s trained as %s is the run %s', (file, method, name) => {
  expect(runName({ dataset: { file }, method }, at)).toBe(name);
});

describe('a run made from a request that stands elsewhere', () => {
  let project: string;
  beforeAll(async () => {
    project = await mkdtemp(path.join(os.tmpdir(), 'lm-lab-create-'));
  });
  afterAll(() => rm(project, { recursive: true }));

  const created = async (request: RunRequest, base = path.join(project, 'requests')) => {
    const folder = await createRun({ request, base, runsFolder: path.join(project, '.lm-lab', 'runs'), at });
    return { folder, spec: JSON.parse(await readFile(path.join(folder, 'run.json'), 'utf8')) as RunRequest };
  };

  test('has its paths rewritten, and names that are no paths as they were', async () => {
    const { folder, spec } = await created({
      method: 'ppo',
      model: '../models/mine',
      dataset: { file: '../data/rows.tsv', split: { files: { test: './test.tsv' } } },
      dpo: { reference: 'openai-community/gpt2' },
      ppo: { rewardModel: '/elsewhere/reward' },
    });
    const from = (file: string): string => path.join(folder, file);
    expect(from(spec.model)).toBe(path.join(project, 'models/mine'));
    expect(from(spec.dataset.file)).toBe(path.join(project, 'data/rows.tsv'));
    expect(spec.dataset.split).toEqual({ files: { test: '../../../requests/test.tsv' } });
    expect([spec.dpo?.reference, spec.ppo?.rewardModel]).toEqual(['openai-community/gpt2', '/elsewhere/reward']);
  });

  test('names files of its own project relatively, so that the project can be moved', async () => {
    const file = path.join(project, 'data', 'rows.tsv');
    const { folder, spec } = await created({ method: 'lm', model: 'starter', dataset: { file } });
    expect(spec.dataset.file).toBe('../../../data/rows.tsv');
    expect(path.basename(folder)).toMatch(/-rows-lm$/);
  });

  test('a second one in the same second has a folder of its own; git leaves all of them out', async () => {
    const request: RunRequest = { method: 'sft', model: 'starter', dataset: { file: './rows.tsv' } };
    const [first, second] = [await created(request), await created(request)];
    expect(path.basename(second.folder)).toBe(`${path.basename(first.folder)}-2`);
    expect(await readFile(path.join(project, '.lm-lab', '.gitignore'), 'utf8')).toBe('*\n');
  });
});
