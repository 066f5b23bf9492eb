import { isUnderWay, tokensOf } from '../../src/protocol/branches.ts';
import type { GenerationsSnapshot } from '../../src/protocol/panels/generations.ts';
import { counted } from '../shared/format.ts';

/** What a screen reader is told: that columns began, and that one has ended; never the tokens between. Null: nothing. */
export function announcement(before: GenerationsSnapshot | null, now: GenerationsSnapshot): string | null {
  const changed = now.columns.filter(({ id }) => before && isRunning(before, id) !== isRunning(now, id));
  const begun = changed.filter(({ id }) => isRunning(now, id));
  if (begun.length > 0) return `Generating: ${begun.map(({ name }) => name).join(', ')}.`;
  const ended = changed.map(({ id, name }) => {
    const result = now.results[id];
    const tokens = result ? tokensOf(result.branches, result.selected).length : 0;
    return result?.error ? `${name} failed.` : `${name} has ${counted(tokens, 'token')}.`;
  });
  return ended.length > 0 ? ended.join(' ') : null;
}

function isRunning({ results }: GenerationsSnapshot, column: string): boolean {
  const result = results[column];
  return result !== undefined && isUnderWay(result);
}
