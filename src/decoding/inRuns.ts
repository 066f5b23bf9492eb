import type { GenerationUpdate } from '../protocol/generation.ts';
import type { Column } from './column.ts';
import { choicesOf, type Told } from './run/drawTokens.ts';
import type { SharedCache } from './sharedCache.ts';

/**
 * Draws several tokens of all columns in each run of the model, as long as it can be done: where the model decodes so,
 * every column can be drawn without being asked, and no text is at the end of the context. A text that ends within a run
 * is drawn to the run's end, and the rest of it left out.
 */
export async function* drawInRuns(
  columns: readonly Column[],
  cache: SharedCache,
  told: Told,
  onTokens: (tokens: number) => void,
): AsyncGenerator<GenerationUpdate, void> {
  for (;;) {
    const alive = columns.filter(({ live }) => live.length > 0);
    const draws = alive.flatMap(column => column.draws ?? []);
    const texts = alive.flatMap(({ live }) => live);
    const most = Math.max(0, ...draws.map(({ tokensLeft }) => tokensLeft));
    const turns = Math.min(most, cache.roomFor(texts));
    if (draws.length < alive.length || turns === 0) return;
    const drawings = draws.flatMap(({ drawings }) => drawings);
    const takers = draws.map(({ drawings, taker }) => ({ count: drawings.length, take: taker() }));
    const drawn = await cache.draw(texts, drawings, turns);
    for (let turn = 0; turn < turns; turn++) {
      const choices = choicesOf(drawn, drawings, turn, told);
      let first = 0;
      for (const { count, take } of takers) {
        const updates = take(choices.slice(first, first + count));
        first += count;
        onTokens(updates.filter(({ kind }) => kind === 'token').length);
        yield* updates;
      }
    }
  }
}
