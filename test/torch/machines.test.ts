import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE } from './environment.ts';
import { twoHosts } from './hosts.ts';
import { byTorch, folderOf, json, metricsOf, PYTHON, request, statusOf, train } from './runs.ts';

const RUN = byTorch(request('sft', { training: { maxSteps: 6 } }), 2);

describe('a run on two machines', () => {
  const hosts = twoHosts();
  afterAll(() => hosts.dispose());
  const alone = folderOf('on one machine', RUN);
  beforeAll(() => train(alone));

  /** A run folder that is prepared as the one was, for two machines. */
  const prepared = (name: string): string => {
    const folder = folderOf(name, RUN);
    for (const part of ['run.json', 'split.json', 'data'])
      cpSync(path.join(alone, part), path.join(folder, part), { recursive: true });
    const spec = json<{ torch: object }>(folder, 'run.json');
    const torch = { ...spec.torch, machines: 2, mainAddress: hosts.address, mainPort: 29_471 };
    writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...spec, torch }));
    return folder;
  };

  const start = (folder: string, host: number, timeoutSeconds = 120): ChildProcess => {
    const command = [
      PYTHON,
      '-m',
      'lm_lab_torch',
      folder,
      '--machine-rank',
      `${host}`,
      '--timeout',
      `${timeoutSeconds}`,
    ];
    const [program, ...args] = hosts.on(host, command) as [string, ...string[]];
    return spawn(program, args, { env: { ...process.env, PYTHONPATH: PACKAGE }, stdio: ['ignore', 'ignore', 'pipe'] });
  };

  /** Another network adds what processes send in another order. */
  const expectClose = (folder: string): void => {
    const [expected, actual] = [metricsOf(alone), metricsOf(folder)];
    expect(actual).toHaveLength(expected.length);
    for (const [index, line] of expected.entries())
      for (const [metric, value] of Object.entries(line))
        expect(actual[index]?.[metric]).toBeCloseTo(value ?? Number.NaN, 4);
  };

  const ended = async (child: ChildProcess): Promise<{ code: number | null; said: string }> => {
    const said = child.stderr ? readAll(child.stderr) : '';
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said: await said };
  };

  it('is the run of two processes on one, from one shared folder', async () => {
    const folder = prepared('shared');
    const both = await Promise.all([ended(start(folder, 0)), ended(start(folder, 1))]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expectClose(folder);
    expect(statusOf(folder)).toMatchObject({ state: 'finished', device: 'cpu, 2 processes' });
  });

  it('is refused where the second has other examples', async () => {
    const [first, second] = [prepared('first'), prepared('second')];
    const file = path.join(second, 'data', 'train.safetensors');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    writeFileSync(file, bytes);
    const both = await Promise.all([ended(start(first, 0)), ended(start(second, 1))]);
    expect(both.map(({ code }) => code)).toEqual([1, 1]);
    expect(statusOf(first)).toMatchObject({
      state: 'failed',
      error: { code: 'examples-differ', message: expect.stringContaining('process 1') },
    });
    expect(both[1]?.said).toContain('examples-differ');
  });

  it('says so where the second never comes, and where it finds no run', async () => {
    const folder = prepared('waiting');
    const [first, second] = await Promise.all([
      ended(start(folder, 0, 8)),
      ended(start(path.join(folder, 'not-shared'), 1, 8)),
    ]);
    expect(first.code).toBe(1);
    expect(statusOf(folder).error).toMatchObject({
      code: 'machines-apart',
      message: expect.stringContaining(`${hosts.address}:29471`),
      remedy: expect.stringContaining('--machine-rank'),
    });
    expect(second).toMatchObject({ code: 1, said: expect.stringContaining('run-missing') });
  });
});
