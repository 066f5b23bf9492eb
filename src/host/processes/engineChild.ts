import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { EngineApi, EngineOptions } from '../../protocol/engine.ts';
import type { HostApi } from '../../protocol/evaluation/host.ts';
import { err, type Result } from '../../protocol/result.ts';
import { client, serve } from '../../protocol/rpc.ts';

export interface EngineLaunch {
  /** The bundled engine. */
  readonly module: string;
  readonly options: EngineOptions;
  readonly env: NodeJS.ProcessEnv;
  /** What the engine may ask back. */
  readonly host: HostApi;
  readonly log: (line: string) => void;
}

/** One life of the engine process. */
export interface EngineChild {
  readonly api: EngineApi;
  readonly processId: number | undefined;
  /** Resolves when the process is gone, with how it ended. Every pending call has then been answered. */
  readonly exit: Promise<string>;
  /** SIGTERM, and SIGKILL where that is not heeded. `why` is what pending calls are told. */
  stop(why: string): Promise<void>;
}

const KILL_AFTER_MILLISECONDS = 2000;

/** Forks the engine under the editor's own Node, and speaks JSON-RPC over the channel between the two. */
export function startEngine({ module, options, env, host, log }: EngineLaunch): EngineChild {
  const child = fork(module, [JSON.stringify(options)], {
    env,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  logLines(child, log);

  let stopped: string | undefined;
  let ended = 'without a word';
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  const exit = new Promise<string>(resolve => {
    const end = (how: string): void => {
      ended = stopped ?? how;
      connection.dispose(); // rejects what is pending
      resolve(ended);
    };
    child.once('exit', (code, signal) => end(signal ? `by signal ${signal}` : `with exit code ${code}`));
    child.once('error', error => end(`as it could not be started: ${error.message}`));
  });
  // Writing to a process that is just going fails before its end is known; `exit` tells the rest.
  connection.onError(([error]) => log(`channel to the engine: ${error.message}`));
  serve<HostApi>(connection, host);
  connection.listen();

  return {
    api: client<EngineApi>(connection, () => engineStopped(ended)),
    processId: child.pid,
    exit,
    stop: async why => {
      stopped ??= why;
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MILLISECONDS);
      await exit;
      clearTimeout(kill);
    },
  };
}

function logLines({ stdout, stderr }: ChildProcess, log: (line: string) => void): void {
  for (const input of [stdout, stderr]) if (input) createInterface({ input }).on('line', log);
}

const engineStopped = (how: string): Result<never> =>
  err(
    'engine-stopped',
    `The engine, which runs the models, stopped ${how}; this request was not answered.`,
    'Try again: it starts anew with the next request. If this repeats, the log says more.',
  );
