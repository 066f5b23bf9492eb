import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';

// An engine that does as its requests say, for the tests of the process around it.
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
connection.onRequest(async (name: string, params: unknown) => {
  const { request } = (Array.isArray(params) ? params[0] : params) as { request: Record<string, string> };
  if (request['do'] === 'exit') process.exit(Number(request['code']));
  if (request['do'] === 'kill') process.kill(process.pid, 'SIGKILL');
  if (request['do'] === 'block') for (;;);
  if (request['do'] === 'wait') await new Promise(() => undefined);
  return { ok: true, value: { name, processId: process.pid, options: JSON.parse(process.argv[2] ?? '') } };
});
process.once('disconnect', () => process.exit());
process.stderr.write('fake engine is up\n');
connection.listen();
