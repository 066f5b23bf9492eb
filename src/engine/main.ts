import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { EngineApi, EngineOptions } from '../protocol/engine.ts';
import { serve } from '../protocol/rpc.ts';
import { createEngineService } from './service.ts';

// The engine as a process of its own: its options come as the first argument, requests and answers over the channel
// to the parent, and its log is standard error. It ends with its parent.
const options = JSON.parse(process.argv[2] ?? '{}') as EngineOptions;
const engine = createEngineService({ ...options, log: line => process.stderr.write(`${line}\n`) });
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));

serve<EngineApi>(connection, engine);
process.once('disconnect', () => process.exit());
connection.listen();
