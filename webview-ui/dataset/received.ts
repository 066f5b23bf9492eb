import type { DatasetRequest } from '../../src/protocol/dataset.ts';
import type { DatasetMessage, DatasetSnapshot } from '../../src/protocol/panels/dataset.ts';

/**
 * The snapshot after a message; null until the first has come. While an edit is on its way to the host (`awaited`), what
 * the host says of an earlier one is passed over.
 */
export function received(
  snapshot: DatasetSnapshot | null,
  message: DatasetMessage,
  awaited: DatasetRequest | null,
): DatasetSnapshot | null {
  if (message.type === 'snapshot') return message.snapshot;
  if (message.type !== 'changes' || !snapshot) return snapshot;
  const { request, ...changes } = message.changes;
  const isOld = awaited !== null && !isAnswer(message, awaited);
  return { ...snapshot, ...changes, ...(request && !isOld && { request }) };
}

/** Whether the host has taken the edit over. */
export const isAnswer = (message: DatasetMessage, edit: DatasetRequest): boolean =>
  message.type === 'changes' && JSON.stringify(message.changes.request) === JSON.stringify(edit);
