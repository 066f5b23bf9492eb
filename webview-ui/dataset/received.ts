import type { DatasetMessage, DatasetSnapshot } from '../../src/protocol/panels/dataset.ts';

/** The snapshot after a message; null until the first has come. */
export function received(snapshot: DatasetSnapshot | null, message: DatasetMessage): DatasetSnapshot | null {
  if (message.type === 'snapshot') return message.snapshot;
  if (message.type === 'changes') return snapshot && { ...snapshot, ...message.changes };
  return snapshot;
}
