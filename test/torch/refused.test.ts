import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunRequest } from '../../src/protocol/run/spec.ts';
import { PACKAGE } from './environment.ts';
import { byTorch, folderOf, json, prepare, PYTHON, request, scratch, statusOf, train } from './runs.ts';

const RUN = byTorch(request('sft', { training: { maxSteps: 2 } }), 2);
const withPython = (python: string): RunRequest => ({ ...RUN, torch: { ...RUN.torch, python } });

/** An interpreter without any package. */
function bare(): string {
  const folder = path.join(scratch, 'bare');
  if (!existsSync(folder)) execFileSync(PYTHON, ['-m', 'venv', '--without-pip', folder]);
  return path.join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
}

it.each<[what: string, python: () => string, code: string, told: RegExp]>([
  ['no Python', () => './nowhere/python', 'python-missing', /nowhere/],
  ['no accelerate, nor anything else', bare, 'packages-missing', /torch, transformers, peft, accelerate/],
  ['what is no Python', () => '/bin/ls', 'python-unusable', /ls/],
])('%s', async (what, python, code, told) => {
  const folder = folderOf(what, withPython(python()));
  await expect(train(folder)).rejects.toMatchObject({ code, message: expect.stringMatching(told) });
  expect(statusOf(folder)).toMatchObject({
    state: 'failed',
    error: { code, remedy: expect.stringMatching(/lmLab.python/) },
  });
});

/** What our package says of the interpreter that it runs under, were these its requirements. */
function checkedBy(requirement: string): {
  readonly error?: { readonly code: string };
  readonly warnings?: readonly string[];
} {
  const folder = path.join(scratch, 'package');
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(PACKAGE, 'lm_lab_torch'), path.join(folder, 'lm_lab_torch'), { recursive: true });
  writeFileSync(path.join(folder, 'requirements.txt'), requirement);
  const env = { ...process.env, PYTHONPATH: folder };
  return JSON.parse(spawnSync(PYTHON, ['-m', 'lm_lab_torch', '--check'], { env, encoding: 'utf8' }).stdout) as object;
}

it('a version that is too old, and one that is newer than what was tested', () => {
  expect(checkedBy('accelerate>=99.0.0  # tested to 99.1.0').error).toMatchObject({
    code: 'packages-too-old',
    message: expect.stringMatching(/accelerate .*99\.0\.0 or newer/),
  });
  expect(checkedBy('accelerate>=0.1.0  # tested to 0.2.0').warnings).toEqual([
    expect.stringMatching(/accelerate .* newer than 0\.2\.0/),
  ]);
});

it('a port that another program has', async () => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as { port: number };
  const folder = folderOf('port', { ...RUN, torch: { ...RUN.torch, mainPort: port } });
  await expect(train(folder)).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining(`${port}`),
  });
  server.close();
});

it('a log that can’t be written ends the run, and its status says so', async () => {
  const folder = folderOf('no log', {
    ...RUN,
    torch: { processes: 1 },
    training: { ...RUN.training, accumulation: 1 },
  });
  await prepare(folder);
  mkdirSync(path.join(folder, 'log.txt'));
  const { error, stderr, status } = spawnSync(PYTHON, ['-m', 'lm_lab_torch', folder], {
    env: { ...process.env, PYTHONPATH: PACKAGE },
    encoding: 'utf8',
  });
  expect({ error, status }).toEqual({ error: undefined, status: 1 });
  expect(stderr).toContain('log.txt');
  expect(stderr).not.toContain('Traceback');
  expect(statusOf(folder)).toMatchObject({ state: 'failed', error: { code: 'system-refused' } });
});

it('a folder that is no run, and one that is not prepared', () => {
  const said = (folder: string): string => {
    const env = { ...process.env, PYTHONPATH: PACKAGE };
    return spawnSync(PYTHON, ['-m', 'lm_lab_torch', folder], { env, encoding: 'utf8' }).stderr;
  };
  expect(said(scratch)).toContain('run-missing');
  expect(said(folderOf('not prepared', RUN))).toContain('examples-missing');
});

it.each<[what: string, change: object, code: string]>([
  ['PPO', { method: 'ppo' }, 'method-unsupported'],
  ['half precision on a processor', { precision: 'bf16' }, 'precision-unsupported'],
])('%s, whoever wrote run.json', async (what, change, code) => {
  const folder = folderOf(what, byTorch(request('sft', { training: { maxSteps: 2 } }), 1));
  await prepare(folder);
  const spec = json<object>(folder, 'run.json');
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...spec, ...change }));
  const env = { ...process.env, PYTHONPATH: PACKAGE };
  expect(spawnSync(PYTHON, ['-m', 'lm_lab_torch', folder], { env }).status).toBe(1);
  expect(statusOf(folder).error).toMatchObject({ code });
});
