import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunSpec } from '../../src/protocol/run/spec.ts';
import { exportRun, exportRunOf } from '../../src/trainer/exportRun.ts';
import { folderOf, json, metricsOf, places, prepare, PYTHON, request, scratch, statusOf } from './runs.ts';

const RUN = request('dpo', { training: { maxSteps: 3 }, backend: 'torch' });
const env: NodeJS.ProcessEnv = { ...process.env, PYTHON };

it('a run is exported, moved, and trained by its one command and by its job for SLURM', async () => {
  const target = path.join(scratch, 'exported');
  await exportRun({ request: RUN, base: scratch, target, ...places });
  const elsewhere = path.join(scratch, 'elsewhere');
  renameSync(target, elsewhere);
  expect(json<RunSpec>(elsewhere, 'run.json')).toMatchObject({ model: './starting-model', torch: { python: null } });

  writeFileSync(path.join(elsewhere, 'stop'), '');
  const trained = spawnSync('sh', [path.join(elsewhere, 'train.sh')], { env, encoding: 'utf8' });
  expect({ status: trained.status, said: trained.stderr }).toMatchObject({ status: 0 });
  expect(statusOf(elsewhere)).toMatchObject({ state: 'finished', step: 3 });
  expect(existsSync(path.join(elsewhere, 'model', 'model.safetensors'))).toBe(true);

  const again = path.join(scratch, 'again');
  await exportRunOf(elsewhere, again, places);
  expect(slurm(again)).toBe(0);
  expect(metricsOf(again)).toEqual(metricsOf(elsewhere));
});

/** Submits the job to stand-ins of SLURM's commands. */
function slurm(folder: string): number | null {
  const commands = path.join(scratch, 'bin');
  mkdirSync(commands, { recursive: true });
  writeFileSync(path.join(commands, 'scontrol'), '#!/bin/sh\necho localhost\n', { mode: 0o755 });
  writeFileSync(path.join(commands, 'srun'), '#!/bin/sh\nSLURM_NODEID=0 exec "$@"\n', { mode: 0o755 });
  const own = { SLURM_SUBMIT_DIR: folder, SLURM_JOB_NODELIST: 'localhost', PATH: `${commands}:${env['PATH']}` };
  return spawnSync('bash', [path.join(folder, 'train.sbatch')], { env: { ...env, ...own } }).status;
}

it('a folder that is not empty is left alone', async () => {
  const target = folderOf('not empty', RUN);
  await expect(exportRun({ request: RUN, base: scratch, target, ...places })).rejects.toMatchObject({
    code: 'folder-not-empty',
  });
});

it('an export that can not be ended leaves nothing behind', async () => {
  const target = path.join(scratch, 'half');
  const modelless = { ...RUN, model: './no-model-here' };
  await expect(exportRun({ request: modelless, base: scratch, target, ...places })).rejects.toMatchObject({
    code: 'model-folder-gone',
  });
  expect(readdirSync(target)).toEqual([]);
});

it('a configuration of Accelerate is taken along, and starts the processes', async () => {
  const config = path.join(scratch, 'accelerate.yaml');
  const lines = ['compute_environment: LOCAL_MACHINE', 'distributed_type: "NO"', 'num_processes: 1', 'use_cpu: true'];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const configured = folderOf('configured', { ...RUN, torch: { accelerateConfig: config } });
  await prepare(configured);
  const target = path.join(scratch, 'with-configuration');
  await exportRunOf(configured, target, places);
  expect(spawnSync('sh', [path.join(target, 'train.sh')], { env }).status).toBe(0);
  expect(statusOf(target)).toMatchObject({ state: 'finished', device: 'cpu' });
});
