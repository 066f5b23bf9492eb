/** npm start: builds, and opens samples/ in VS Code with the extension. `--server` takes the server on a desktop too. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { cache, root, samples } from './paths.ts';
import { startServer } from './server.ts';

const usualPort = 8765;

build();
const code = process.argv.includes('--server') ? undefined : installedCode();
if (code === undefined) await serve();
else openDesktop(code);

function build(): void {
  const { status } = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** The `code` command, where there is one and a screen to show its window on. */
function installedCode(): string | undefined {
  const { platform, env } = process;
  const hasDisplay = platform !== 'linux' || env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined;
  const names = platform === 'win32' ? ['code.cmd'] : ['code'];
  const places = (env['PATH'] ?? '')
    .split(path.delimiter)
    .flatMap(folder => names.map(name => path.join(folder, name)));
  return hasDisplay ? places.find(place => existsSync(place)) : undefined;
}

function openDesktop(code: string): void {
  console.log(`Opening samples/ in VS Code (${code}).`);
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`, samples];
  const { status } = spawnSync(code, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  process.exitCode = status ?? 1;
}

/** Serves VS Code to a browser of this machine until Ctrl-C. What the user does there is kept for the next time. */
async function serve(): Promise<void> {
  const dataFolder = path.join(cache, 'start');
  const connectionToken = randomBytes(12).toString('hex');
  const server = await startServer({
    dataFolder,
    extensionsFolder: 'checkout',
    connectionToken,
    defaultFolder: samples,
    port: (await isFree(usualPort)) ? usualPort : 0,
  });
  console.log(`\nVS Code with LM Lab is open at ${server.origin}/?tkn=${connectionToken}\nCtrl-C stops it.`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
  }
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise(resolve => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
