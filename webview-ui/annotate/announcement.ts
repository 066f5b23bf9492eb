import type { AnnotateSnapshot } from '../../src/protocol/panels/annotate.ts';
import { counted } from '../shared/format.ts';

/** What a screen reader is told: that there is another prompt, and the end. Null: nothing. */
export function announcement(before: AnnotateSnapshot | null, { stage, summary }: AnnotateSnapshot): string | null {
  if (stage.kind === 'judging') {
    const { item } = stage;
    const same = before?.stage.kind === 'judging' && before.stage.item.id === item.id;
    return same ? null : `${item.prompt.slice(-120)} ${counted(item.responses.length, 'response')}.`;
  }
  if (stage.kind === before?.stage.kind) return null;
  return stage.kind === 'done' ? `All done: ${counted(summary?.judgements ?? 0, 'judgement')}.` : null;
}
