import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/protocol/run/folder.ts';
import { processExists, readRun } from '../../src/protocol/run/reading.ts';
import { openTensors } from '../../src/models/weights.ts';
import { PACKAGE } from './environment.ts';
import {
  byTorch,
  folderOf,
  json,
  lines,
  linesTold,
  metricsOf,
  MODEL,
  prepare,
  PYTHON,
  request,
  start,
  statusOf,
  train,
} from './runs.ts';

const RUN = byTorch(request('sft', { training: { dropout: 0.1, checkpointEvery: 4, evaluateEvery: 5 } }), 2);

describe('a run of two processes', () => {
  const whole = folderOf('whole', RUN);
  beforeAll(() => train(whole));

  /** A run folder that is prepared as the whole one was. */
  const prepared = (name: string): string => {
    const folder = folderOf(name, RUN);
    for (const part of ['run.json', 'split.json', 'data'])
      cpSync(path.join(whole, part), path.join(folder, part), { recursive: true });
    return folder;
  };

  const expectWhole = (folder: string): void => {
    expect(metricsOf(folder)).toEqual(metricsOf(whole));
    expect(lines(folder, 'samples.jsonl')).toEqual(lines(whole, 'samples.jsonl'));
    expect(json<RunResult>(folder, 'result.json').metrics).toEqual(json<RunResult>(whole, 'result.json').metrics);
    const weights = (run: string): Buffer => readFileSync(path.join(run, 'model', 'model.safetensors'));
    expect(weights(folder).equals(weights(whole))).toBe(true);
    expect(readdirSync(folder)).not.toContain('lock');
  };

  it('says by which command it was started', () => {
    expect(readFileSync(path.join(whole, 'log.txt'), 'utf8')).toMatch(
      /Command: .* -m torch\.distributed\.run .*worker/,
    );
  });

  it('is stopped by a file, and gone on with is the run that was not', async () => {
    const folder = prepared('stopped');
    const first = start(folder);
    await linesTold(folder, 6);
    writeFileSync(path.join(folder, 'stop'), '');
    expect(await once(first, 'close')).toEqual([0, null]);
    const { state, step } = statusOf(folder);
    expect(state).toBe('stopped');
    expect(step).toBeLessThan(20);
    expect(readdirSync(path.join(folder, 'model'))).toContain('model.safetensors');
    expect(readdirSync(path.join(folder, 'checkpoints')).at(-1)).toBe(`step-${String(step).padStart(6, '0')}`);
    expect(await once(start(folder), 'close')).toEqual([0, null]);
    expectWhole(folder);
  });

  it('says why it failed when a process is killed, and goes on from its checkpoint', async () => {
    const folder = prepared('killed');
    const first = start(folder);
    await linesTold(folder, 8);
    process.kill(workerOf(folder, 1), 'SIGKILL');
    expect(await once(first, 'close')).toEqual([1, null]);
    expect(statusOf(folder)).toMatchObject({
      state: 'failed',
      error: {
        code: 'process-lost',
        message: expect.stringContaining('SIGKILL'),
        remedy: expect.stringContaining('Resume'),
      },
    });
    expect(await once(start(folder), 'close')).toEqual([0, null]);
    expectWhole(folder);
  });

  it('is lost when its launcher is killed, and its processes end by themselves', async () => {
    const folder = prepared('lost');
    const first = start(folder);
    await linesTold(folder, 2);
    const workers = [workerOf(folder, 0), workerOf(folder, 1)];
    first.kill('SIGKILL');
    await once(first, 'close');
    expect((await readRun(folder))?.state).toBe('lost');
    while (workers.some(processExists)) await delay(50);
    expect(existsSync(path.join(folder, 'result.json'))).toBe(false);
  });
});

it('a process that was killed is the reason, also where another one’s lost connection was seen first', () => {
  const report = `lm_lab_torch.worker FAILED
------------------------------------------------------------
Failures:
[1]:
  rank      : 1 (local_rank: 1)
  exitcode  : -9 (pid: 12519)  (SIGKILL)
------------------------------------------------------------
Root Cause (first observed failure):
[0]:
  rank      : 0 (local_rank: 0)
  exitcode  : 1 (pid: 12518)
============================================================`;
  const program = `
import sys
from types import SimpleNamespace
from lm_lab_torch.command import Place
from lm_lab_torch.launcher import Ended, reason_of
log = SimpleNamespace(last=sys.argv[1].splitlines())
ended = Ended(code=1, unexpected="RuntimeError: Read error: Connection reset by peer")
for report in (log, SimpleNamespace(last=[])):
    reason = reason_of(ended, report, Place(0, None, None, 60)).as_json()
    print(reason["code"], reason["message"], reason["remedy"])
`;
  const env = { ...process.env, PYTHONPATH: PACKAGE };
  const [killed, lost] = execFileSync(PYTHON, ['-c', program, report], { env, encoding: 'utf8' }).split('\n');
  expect(killed).toMatch(/^process-lost Process 1 of the run was ended by the signal SIGKILL.* Resume the run/);
  expect(lost).toMatch(/^process-lost Another process of the run was lost: .* Resume the run/);
});

it('stopped before its first step, a run has a model all the same, and the threads that it asked for', async () => {
  const run = byTorch(request('dpo', { threads: 1 }), 1);
  const folder = folderOf('stopped early', run);
  await prepare(folder);
  const first = start(folder, [], { OMP_NUM_THREADS: '7' });
  while (!existsSync(path.join(folder, 'status.json'))) await delay(5);
  writeFileSync(path.join(folder, 'stop'), '');
  const trainer = await workerThreads(folder);
  expect(await once(first, 'close')).toEqual([0, null]);
  expect(trainer).toBe('1');
  expect(statusOf(folder)).toMatchObject({ state: 'stopped', step: 0 });
  expect(existsSync(path.join(folder, 'metrics.jsonl'))).toBe(false);
  const tensors = async (model: string) =>
    [...(await openTensors(model)).keys()].map(name => name.replace(/^transformer\./, ''));
  const [left, begun] = [await tensors(path.join(folder, 'model')), await tensors(MODEL)];
  expect(left).toEqual(
    expect.arrayContaining(begun.filter(name => name.startsWith('h.') && !/attn\.(masked_)?bias$/.test(name))),
  );
});

/** What the training process of a run was told of threads, as soon as there is one. */
async function workerThreads(folder: string): Promise<string | undefined> {
  for (;;) {
    for (const id of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
      const [command, environment] = processFiles(id);
      if (command.includes(`lm_lab_torch.worker\0${folder}`))
        return /(?:^|\0)OMP_NUM_THREADS=(\d+)/.exec(environment)?.[1];
    }
    await delay(20);
  }
}

it('a run that onnx began is gone on with by PyTorch', async () => {
  const run = request('sft', { training: { checkpointEvery: 8, keepCheckpoints: 9 } });
  const [whole, folder] = [folderOf('by onnx', run), folderOf('by both', run)];
  await train(whole);
  cpSync(whole, folder, { recursive: true });
  for (const later of ['status.json', 'result.json', 'checkpoints/step-000016'])
    rmSync(path.join(folder, later), { recursive: true });
  const spec = json<object>(folder, 'run.json');
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...spec, backend: 'torch' }));
  await train(folder);
  expect(readFileSync(path.join(folder, 'log.txt'), 'utf8')).toContain('Goes on after step 8');
  const [expected, actual] = [metricsOf(whole), metricsOf(folder)];
  expect(actual.map(({ step }) => step)).toEqual(expected.map(({ step }) => step));
  for (const [index, { loss }] of expected.entries()) {
    if (loss !== undefined) expect(Math.abs((actual[index]?.loss ?? 0) / loss - 1)).toBeLessThan(1e-3);
  }
});

/** The process of a rank that works on a run, by what the system says of all processes. */
function workerOf(folder: string, rank: number): number {
  for (const id of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    const [command, environment] = processFiles(id);
    if (command.includes(`lm_lab_torch.worker\0${folder}`) && environment.split('\0').includes(`RANK=${rank}`))
      return Number(id);
  }
  throw new Error(`No process of rank ${rank} works on ${folder}.`);
}

/** A process's command and environment; empty where it is gone, or not ours. */
function processFiles(id: string): [command: string, environment: string] {
  try {
    return [readFileSync(`/proc/${id}/cmdline`, 'utf8'), readFileSync(`/proc/${id}/environ`, 'utf8')];
  } catch (error) {
    if (!['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return ['', ''];
  }
}
