import { constants, setPriority } from 'node:os';
import { resolve } from 'node:path';
import { reasonOf } from '../protocol/result.ts';

// A trainer as a process of its own: the run folder is its argument, and all that it has to say goes there. What it
// prints is for the run's log. SIGINT and SIGTERM ask it to save and stop. With a second folder it trains nothing, and
// writes the run there, to be trained elsewhere.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL); // the editor and its engine go first
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

async function main(folder: string, exportTo: string | undefined): Promise<void> {
  const shipped = resolve(process.argv[1] as string, '../..');
  const places = { starterFolder: resolve(shipped, 'models/starter'), torchPackage: resolve(shipped, 'python') };
  if (exportTo !== undefined) {
    const { exportRunOf } = await import('./exportRun.ts');
    return exportRunOf(folder, exportTo, { ...places, signal: stop.signal });
  }
  const { trainRun } = await import('./trainRun.ts');
  await trainRun(folder, { ...places, signal: stop.signal });
}

main(process.argv[2] ?? '.', process.argv[3]).catch((error: unknown) => {
  const { code, message, remedy } = reasonOf(error);
  console.error(`${new Date().toISOString()} ${code}: ${message} ${remedy}`);
  if (code === 'unexpected') console.error(error);
  process.exitCode = 1;
});
