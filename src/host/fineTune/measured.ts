import { hostname } from 'node:os';
import { join } from 'node:path';
import { complete } from '../../protocol/run/defaults.ts';
import { flopsPerToken, type MeasuredRate } from '../../protocol/run/estimate.ts';
import { type MetricsLine, RUN_FILES } from '../../protocol/run/folder.ts';
import { lastLines, parsedLines } from '../../protocol/run/growingFile.ts';
import type { ModelSize } from '../../protocol/run/modelSize.ts';
import type { Run } from '../runs/runList.ts';

/** Enough for some steps. */
const TAIL_BYTES = 8 * 1024;

/**
 * How fast this machine computed a run of the same model that is latest in the list; undefined where there is none.
 * What the run did with each token is known from its request, so that it serves for other methods as well.
 */
export async function measuredRate(
  runs: readonly Run[],
  isSameModel: (run: Run) => boolean,
  size: ModelSize,
  meanTokens: number,
): Promise<MeasuredRate | undefined> {
  for (const run of runs) {
    if (run.status?.host !== hostname() || !run.request || !isSameModel(run)) continue;
    const lines = parsedLines(await lastLines(join(run.folder, RUN_FILES.metrics), TAIL_BYTES)) as MetricsLine[];
    const last = lines.findLast(({ loss }) => loss !== undefined);
    if (!last || !(last.tokensPerSecond > 0)) continue;
    const perToken = flopsPerToken(complete(run.request), size, meanTokens, Math.max(1, last.epoch));
    return { flopsPerSecond: last.tokensPerSecond * perToken, run: run.title };
  }
  return undefined;
}
