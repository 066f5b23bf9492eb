import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measuredRate } from '../../../../src/host/fineTune/measured.ts';
import type { Run } from '../../../../src/host/runs/runList.ts';
import { complete } from '../../../../src/protocol/run/defaults.ts';
import { flopsPerToken } from '../../../../src/protocol/run/estimate.ts';
import { modelSize } from '../../../../src/protocol/run/modelSize.ts';

const SIZE = modelSize({});
const REQUEST = { method: 'sft', model: 'gpt2', dataset: { file: 'a.json' } } as const;

describe('how fast this machine is', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lm-lab-measured-'));
    const line = (fields: object): string => JSON.stringify({ step: 1, epoch: 1, elapsedSeconds: 1, ...fields });
    const lines = [
      line({ loss: 3, tokensPerSecond: 100 }),
      line({ loss: 2, tokensPerSecond: 400 }),
      line({ evalLoss: 2 }),
    ];
    await writeFile(path.join(folder, 'metrics.jsonl'), `${lines.join('\n')}\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = (changes: object = {}): Run =>
    ({ folder, title: 'earlier', request: REQUEST, status: { host: hostname() }, ...changes }) as unknown as Run;
  const rate = (runs: readonly Run[]) => measuredRate(runs, ({ request }) => request?.model === 'gpt2', SIZE, 100);

  it('is what the last step of a run of the same model did', async () => {
    const expected = 400 * flopsPerToken(complete(REQUEST), SIZE, 100, 1);
    expect(await rate([run()])).toEqual({ run: 'earlier', flopsPerSecond: expected });
  });

  it.each([
    ['of another machine', { status: { host: 'elsewhere' } }],
    ['of another model', { request: { ...REQUEST, model: 'starter' } }],
    ['that has not begun', { folder: '/nowhere' }],
  ])('a run %s tells nothing of it', async (_, changes) => {
    expect(await rate([run(changes)])).toBeUndefined();
    expect(await rate([run(changes), run()])).toMatchObject({ run: 'earlier' });
  });
});
