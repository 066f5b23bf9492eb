import type { GenerationUpdate } from '../../protocol/generation.ts';
import type { Column } from '../column.ts';
import { choicesOf, type Told } from './drawnChoices.ts';
import type { SharedCache } from '../sharedCache.ts';

/**
 * Draws several tokens of each text of all columns in one run of the model. Null where that can't be done: the model makes
 * one token a run, a column chooses its tokens itself, a text is at the end of the context, or no text is live. A text that
 * ends within the run is drawn to the run's end, and what comes after its end is dropped.
 */
export async function drawRun(
  columns: readonly Column[],
  cache: SharedCache,
  told: Told,
): Promise<GenerationUpdate[] | null> {
  const alive = columns.filter(({ live }) => live.length > 0);
  const draws = alive.flatMap(column => column.draws ?? []);
  const texts = alive.flatMap(({ live }) => live);
  const most = Math.max(0, ...draws.map(({ tokensLeft }) => tokensLeft));
  if (draws.length < alive.length || most === 0) return null;
  const turns = Math.min(most, await cache.roomFor(texts));
  if (turns === 0) return null;
  const drawings = draws.flatMap(({ drawings }) => drawings);
  const takers = draws.map(({ drawings, taker }) => ({ count: drawings.length, take: taker() }));
  const drawn = await cache.draw(texts, drawings, turns);
  const updates: GenerationUpdate[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const choices = choicesOf(drawn, drawings, turn, told);
    let first = 0;
    for (const { count, take } of takers) {
      updates.push(...take(choices.slice(first, first + count)));
      first += count;
    }
  }
  return updates;
}
