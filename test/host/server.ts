import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { installHost } from './install.ts';
import { root } from './paths.ts';
import { quietSettings } from './settings.ts';

export interface ServerOptions {
  /** User data, kept. Absent: a temporary folder that goes when the server stops. */
  readonly dataFolder?: string;
  /**
   * Where extensions are installed; absent: an empty folder under the data. `checkout`: this one, as built in dist/; a
   * list: those in these folders.
   */
  readonly extensionsFolder?: string | 'checkout' | readonly string[];
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of machine scope, which a window takes from the machine it is served by and not from its user. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** On top of this process's own environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ask whether a folder is trusted, as VS Code does. Absent: everything is. */
  readonly workspaceTrust?: boolean;
  /** Absent: any free one. */
  readonly port?: number;
  /** What an address must carry as `tkn` to be let in. Absent: nothing. */
  readonly connectionToken?: string;
  /** The folder that opens when the address names none. */
  readonly defaultFolder?: string;
  /** Lets a page run integration tests and hear how they ended; no notification is shown then. */
  readonly smokeTestDriver?: boolean;
}

export interface Server {
  /** Such as `http://127.0.0.1:41234`. */
  readonly origin: string;
  readonly dataFolder: string;
  stop(): Promise<void>;
}

/** Starts the VS Code server on loopback, installing it first where it is absent, and waits until it answers. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const host = await installHost();
  const dataFolder = options.dataFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'lm-lab-host-')));
  const trust = { 'security.workspace.trust.enabled': options.workspaceTrust ?? false };
  await writeSettings(
    path.join(dataFolder, 'user', 'User', 'settings.json'),
    { ...quietSettings, ...trust },
    options.settings,
  );
  await writeSettings(path.join(dataFolder, 'user', 'Machine', 'settings.json'), {}, options.machineSettings);
  const extensionsFolder = await extensionsIn(dataFolder, options.extensionsFolder);
  const log = path.join(dataFolder, 'server.log');
  const output = openSync(log, 'w');
  const child = spawn(host.node, [host.server, ...serverArguments({ ...options, extensionsFolder }, dataFolder)], {
    stdio: ['ignore', output, output],
    env: serverEnvironment(options, dataFolder),
  });
  closeSync(output);
  const removeData = options.dataFolder === undefined;
  const stop = async () => {
    await stopProcess(child);
    if (removeData) await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return { origin: await originFrom(log, child), dataFolder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs the server's own command line, such as `--install-extension file.vsix`. */
export async function runServerCommand(args: string[]): Promise<void> {
  const host = await installHost();
  const child = spawn(host.node, [host.server, '--accept-server-license-terms', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withoutEditorVariables(),
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => output.push(data));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The VS Code server refused ${args.join(' ')}:\n${Buffer.concat(output)}`);
}

/** What is kept from the last time stands over the defaults, and under what is asked for now. */
async function writeSettings(file: string, defaults: object, asked: object = {}): Promise<void> {
  const kept = await readFile(file, 'utf8').then(JSON.parse, () => ({}));
  const settings = { ...defaults, ...kept, ...asked };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(settings, null, 2));
}

/** What stands elsewhere is installed by a link to it: the server then sees it as any other extension, at every start anew. */
async function extensionsIn(dataFolder: string, given: ServerOptions['extensionsFolder'] = []): Promise<string> {
  if (typeof given === 'string' && given !== 'checkout') return given;
  const own = path.join(dataFolder, 'extensions');
  await rm(own, { recursive: true, force: true });
  await mkdir(own, { recursive: true });
  const folders = given === 'checkout' ? [root] : given;
  for (const folder of folders) await symlink(folder, path.join(own, path.basename(folder)), 'junction');
  return own;
}

type Installed = Omit<ServerOptions, 'extensionsFolder'> & { readonly extensionsFolder: string };

function serverArguments(options: Installed, dataFolder: string): string[] {
  const values = {
    host: '127.0.0.1',
    port: String(options.port ?? 0),
    'telemetry-level': 'off',
    'user-data-dir': path.join(dataFolder, 'user'),
    'server-data-dir': path.join(dataFolder, 'server'),
    'extensions-dir': options.extensionsFolder,
    'connection-token': options.connectionToken,
    'default-folder': options.defaultFolder,
  };
  const flags = {
    'accept-server-license-terms': true,
    'without-connection-token': options.connectionToken === undefined,
    'disable-workspace-trust': !options.workspaceTrust,
    'enable-smoke-test-driver': options.smokeTestDriver,
  };
  return [
    ...Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...Object.entries(flags).flatMap(([name, on]) => (on ? [`--${name}`] : [])),
  ];
}

/** Without these, a server started from a VS Code terminal takes itself for a part of that VS Code. */
function withoutEditorVariables(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|CODE_SERVER)/.test(name));
  return { ...Object.fromEntries(kept), EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
}

/** What is temporary knows nothing of the models that this user has. */
function serverEnvironment(options: ServerOptions, dataFolder: string): NodeJS.ProcessEnv {
  const homes = { LM_LAB_HOME: path.join(dataFolder, 'lm-lab'), HF_HOME: path.join(dataFolder, 'huggingface') };
  return { ...withoutEditorVariables(), ...(options.dataFolder === undefined ? homes : {}), ...options.env };
}

async function originFrom(log: string, child: ChildProcess): Promise<string> {
  const started = Date.now();
  while (Date.now() - started < 60_000) {
    const text = await readFile(log, 'utf8');
    if (child.exitCode !== null) throw new Error(`The VS Code server ended at once:\n${text}`);
    const port = /Extension host agent listening on (\d+)/.exec(text)?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    await pause(50);
  }
  throw new Error(`The VS Code server did not say that it listens:\n${await readFile(log, 'utf8')}`);
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 8000);
  await ended;
  clearTimeout(killer);
}
