import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../models/temporary.ts';

const relaunch = new URL('../../../src/cli/relaunch.ts', import.meta.url).href;

test.runIf('execve' in process && process.platform !== 'win32').each([
  ['what is missing is set', {}, 'new'],
  ['what is set already stays', { LM_LAB_RELAUNCHED: 'own' }, 'own'],
])('%s, under the same process number and with the same arguments', async (_, own, expected) => {
  const script = path.join(await temporaryFolder(), 'program.mjs');
  await writeFile(
    script,
    `import { relaunchWith } from ${JSON.stringify(relaunch)};
    process.env.FIRST ??= String(process.pid);
    relaunchWith({ LM_LAB_RELAUNCHED: 'new' });
    const { pid, env, execArgv, argv } = process;
    console.log(JSON.stringify([env.LM_LAB_RELAUNCHED, env.FIRST === String(pid), execArgv, argv.slice(2)]));`,
  );
  const output = execFileSync(process.execPath, ['--no-deprecation', script, 'a b', '--c'], {
    encoding: 'utf8',
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(JSON.parse(output)).toEqual([expected, true, ['--no-deprecation'], ['a b', '--c']]);
});
