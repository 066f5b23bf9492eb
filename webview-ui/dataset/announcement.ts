import type { DatasetSnapshot } from '../../src/protocol/panels/dataset.ts';
import { count, counted } from '../shared/format.ts';

/** What a screen reader is told: what came of the work, and which batch is laid open; never the progress between. */
export function announcement(before: DatasetSnapshot | null, now: DatasetSnapshot): string | null {
  const { description, batch, view } = now;
  if (before?.description.progress && !description.progress && description.value) {
    const { rows, problemCount } = description.value;
    return `${counted(rows, 'row')} after the steps, ${counted(problemCount, 'problem')}.`;
  }
  if (view.detail === 'batch' && batch.value && before?.batch.value !== batch.value) {
    const [rows, length] = batch.value.shape;
    return `Batch ${count(now.chosenBatch + 1)}: ${counted(rows, 'row')} of ${counted(length, 'token')}.`;
  }
  return null;
}
