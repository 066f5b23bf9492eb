import { appendFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunStatus } from '../../../../src/protocol/run/folder.ts';
import { GrowingFile, lastLines, parsedLines } from '../../../../src/protocol/run/growingFile.ts';
import { MetricsTable } from '../../../../src/protocol/run/metrics.ts';
import { readRun, stepSecondsOf } from '../../../../src/protocol/run/reading.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lm-lab-reading-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a file that grows', () => {
  let file: string;
  let growing: GrowingFile;
  beforeEach(async () => {
    file = path.join(folder, 'metrics.jsonl');
    await rm(file, { force: true });
    growing = new GrowingFile(file);
  });

  test('gives each line once, and a line that is being written when it is whole', async () => {
    expect(await growing.read()).toEqual({ lines: [], restarted: false });
    await writeFile(file, 'one\ntwo\nthr');
    expect((await growing.read()).lines).toEqual(['one', 'two']);
    await appendFile(file, 'ee\n');
    expect((await growing.read()).lines).toEqual(['three']);
    expect((await growing.read()).lines).toEqual([]);
  });

  test('characters that a reading cuts in two come whole', async () => {
    const bytes = Buffer.from('é€😀\n');
    for (const byte of bytes.subarray(0, -1)) {
      await appendFile(file, Buffer.of(byte));
      expect((await growing.read()).lines).toEqual([]);
    }
    await appendFile(file, '\n');
    expect((await growing.read()).lines).toEqual(['é€😀']);
  });

  test('a cut starts it anew, also where it has grown past its old end since', async () => {
    await writeFile(file, 'one 1 s\ntwo 2 s\nthree 3 s\n');
    await growing.read();
    await truncate(file, 'one 1 s\n'.length);
    expect(await growing.read()).toEqual({ lines: ['one 1 s'], restarted: true });
    await appendFile(file, 'two 2.5 s\nthree 3.1 s\n');
    expect(await growing.read()).toEqual({ lines: ['two 2.5 s', 'three 3.1 s'], restarted: false });
    await writeFile(file, 'one 1 s\ntwo 9.9 s\nthree 9.9 s\nfour 10 s\n');
    expect((await growing.read()).restarted).toBe(true);
    await rm(file);
    expect(await growing.read()).toEqual({ lines: [], restarted: true });
  });

  test('a line longer than what is read at once', async () => {
    const long = 'x'.repeat(9_000_000);
    await writeFile(file, `a\n${long}\nb\n`);
    const lines: string[] = [];
    for (let part = await growing.read(); part.lines.length > 0; part = await growing.read()) lines.push(...part.lines);
    expect(lines).toEqual(['a', long, 'b']);
  });

  test('its last whole lines alone', async () => {
    await writeFile(file, '{"step":1}\n{"step":2}\n{"step":3}\n{"st');
    expect(parsedLines(await lastLines(file, 20))).toEqual([{ step: 3 }]);
    expect(parsedLines(await lastLines(file, 1000))).toHaveLength(3);
  });
});

describe('the state of a run', () => {
  const now = new Date('2026-11-22T18:00:00Z');
  const observer = { host: 'here', now, processExists: (id: number) => id === 7 };
  const silentFor = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
  const status: RunStatus = {
    state: 'running',
    host: 'here',
    processId: 7,
    heartbeatAt: silentFor(5),
    startedAt: silentFor(600),
    step: 40,
    totalSteps: 100,
    device: 'cpu',
  };
  const metrics = (...elapsed: number[]): string =>
    elapsed.map((elapsedSeconds, i) => `${JSON.stringify({ step: 39 + i, elapsedSeconds })}\n`).join('');

  async function state(changes: Partial<RunStatus>, lines = ''): Promise<string | undefined> {
    await mkdir(path.join(folder, 'run'), { recursive: true });
    const write = (name: string, text: string) => writeFile(path.join(folder, 'run', name), text);
    await write('run.json', '{}');
    await write('status.json', JSON.stringify({ ...status, ...changes }));
    await write('metrics.jsonl', lines);
    return (await readRun(path.join(folder, 'run'), observer))?.state;
  }

  test.each<[string, Partial<RunStatus>, string, string]>([
    ['its process is there', {}, '', 'running'],
    ['its process is there and silent', { heartbeatAt: silentFor(9999) }, '', 'running'],
    ['its process is gone', { processId: 8 }, '', 'lost'],
    ['it ended, its process gone', { processId: 8, state: 'finished' }, '', 'finished'],
    ['elsewhere, heard of', { host: 'cluster', processId: 8, heartbeatAt: silentFor(59) }, '', 'running'],
    ['elsewhere, silent for more than a minute', { host: 'cluster', heartbeatAt: silentFor(61) }, '', 'lost'],
    [
      'elsewhere, within three long steps',
      { host: 'cluster', heartbeatAt: silentFor(140) },
      metrics(10, 60),
      'running',
    ],
    ['elsewhere, after three long steps', { host: 'cluster', heartbeatAt: silentFor(151) }, metrics(10, 60), 'lost'],
  ])('%s', async (_, changes, lines, expected) => {
    expect(await state(changes, lines)).toBe(expected);
  });

  test('time left by the last steps; checkpoints in order; what is not there is not there', async () => {
    await state({}, metrics(10, 12));
    for (const step of ['step-001000', 'step-000200', '.step-000300.tmp'])
      await mkdir(path.join(folder, 'run', 'checkpoints', step), { recursive: true });
    const run = await readRun(path.join(folder, 'run'), observer);
    expect(run).toMatchObject({ secondsLeft: 120, stepSeconds: 2, checkpoints: [200, 1000], hasModel: false });
    expect(await readRun(path.join(folder, 'nothing'))).toBeUndefined();
  });

  test('a status that is half written is none', async () => {
    await state({});
    await writeFile(path.join(folder, 'run', 'status.json'), '{"state": "runn');
    expect((await readRun(path.join(folder, 'run'), observer))?.state).toBe('ready');
  });
});

test.each([
  [[], 0],
  [[{ step: 0, elapsedSeconds: 3 }], 0],
  [[{ step: 4, elapsedSeconds: 10 }], 2.5],
  [
    [
      { step: 0, elapsedSeconds: 3 },
      { step: 4, elapsedSeconds: 11 },
    ],
    2,
  ],
])('seconds a step by %j are %d', (lines, expected) => {
  expect(stepSecondsOf(lines)).toBe(expected);
});

test('columns: what a line lacks is NaN, parts rebuild the table, and a cut takes lines away', () => {
  const line = (step: number, more: Record<string, number>) => ({ step, loss: step / 10, ...more }) as never;
  const table = new MetricsTable();
  table.append([line(1, {}), line(2, { evalLoss: 0.5 })]);
  const copy = new MetricsTable();
  copy.add(table.part(0));
  table.append(Array.from({ length: 300 }, (_, i) => line(i + 3, {})));
  copy.add(table.part(2));
  for (const name of ['step', 'loss', 'evalLoss']) expect([...copy.column(name)]).toEqual([...table.column(name)]);
  expect([...copy.column('evalLoss').subarray(0, 3)]).toEqual([Number.NaN, 0.5, Number.NaN]);
  copy.add({ from: 1, length: 1, columns: { step: Float64Array.of(2) } });
  expect([copy.length, copy.value('evalLoss', 1), copy.value('step', 1)]).toEqual([2, Number.NaN, 2]);
});
