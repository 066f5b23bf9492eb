import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import extension from '../../package.json' with { type: 'json' };

const { LM_LAB_NODE_20 = process.execPath, LM_LAB_NODE_24 = process.execPath } = process.env;
const installed = path.join(
  inject('extensionsFolder'),
  `${extension.publisher}.${extension.name}-${extension.version}`,
);

let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'lm-lab-home-'));
});
afterAll(() => rm(home, { recursive: true }));

test.each([...new Set([LM_LAB_NODE_20, LM_LAB_NODE_24])])('runs the starter model as installed, on %s', async node => {
  const cli = path.join(installed, 'dist', 'cli.js');
  const args = [cli, 'next', '--text', 'The movie was full of', '--top', '1', '--json'];
  const { stdout } = await promisify(execFile)(node, args, { cwd: home, env: { ...process.env, LM_LAB_HOME: home } });
  // What the starter model's README gives.
  expect(JSON.parse(stdout).predictions[0]).toMatchObject({ text: ' the', probability: expect.closeTo(0.207, 3) });
});
