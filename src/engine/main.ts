import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { EngineApi, EngineOptions } from '../protocol/engine.ts';
import type { HostApi } from '../protocol/evaluation/host.ts';
import { err } from '../protocol/result.ts';
import { client, serve } from '../protocol/rpc.ts';
import { createEngineService } from './service.ts';

// The engine as a process of its own: its options come as the first argument, requests and answers over the channel
// to the parent, of which it asks the same way what only an editor has; its log is standard error. It ends with its parent.
const options = JSON.parse(process.argv[2] ?? '{}') as EngineOptions;
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
const host = client<HostApi>(connection, () =>
  err('host-gone', 'The window that asked is closed.', 'Open it again, then go on.'),
);
const engine = createEngineService({ ...options, host, log: line => process.stderr.write(`${line}\n`) });

serve<EngineApi>(connection, engine);
process.once('disconnect', () => process.exit());
connection.listen();
