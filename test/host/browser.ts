import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import path from 'node:path';
import { root } from './paths.ts';

const usualPlaces = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];

/** A headless Chromium, installed first where there is none and this machine lets us. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium() ?? installChromium();
  return chromium.launch({ executablePath, args: flags });
}

function findChromium(): string | undefined {
  return [...usualPlaces, chromium.executablePath()].find(place => place !== undefined && existsSync(place));
}

function installChromium(): string {
  console.log('Installing Chromium.');
  const failures = [
    process.getuid?.() === 0 && run('apt-get', 'update', '-qq'),
    process.getuid?.() === 0 && run('apt-get', 'install', '-y', '-qq', 'chromium'),
    findChromium() === undefined &&
      run(path.join(root, 'node_modules', '.bin', 'playwright-core'), 'install', 'chromium'),
  ].filter(failure => typeof failure === 'string');
  const found = findChromium();
  if (found !== undefined) return found;
  throw new Error(
    `No Chromium was found and none could be installed. Install chromium or google-chrome, ` +
      `or name one in CHROMIUM_PATH.\n${failures.join('\n')}`,
  );
}

/** Returns what went wrong, if anything did. */
function run(command: string, ...args: string[]): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
  return status === 0 ? undefined : `${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`;
}
