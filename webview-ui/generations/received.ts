import { streamed } from '../../src/protocol/branches.ts';
import type { GenerationsMessage, GenerationsSnapshot } from '../../src/protocol/panels/generations.ts';

/** The snapshot after a message; null until the first has come. */
export function received(
  snapshot: GenerationsSnapshot | null,
  message: GenerationsMessage,
): GenerationsSnapshot | null {
  if (message.type === 'snapshot') return message.snapshot;
  if (!snapshot) return null;
  if (message.type === 'changes') return { ...snapshot, ...message.changes };
  const { [message.column]: before, ...others } = snapshot.results;
  const result = message.type === 'result' ? message.result : before && streamed(before, message.stream);
  return { ...snapshot, results: result ? { ...others, [message.column]: result } : others };
}
