import { hostname } from 'node:os';
import { join } from 'node:path';
import { StatusFile } from '../../folders/status.ts';
import { RUN_FILES, type RunStatus } from '../../protocol/run/folder.ts';
import { readJson } from '../../protocol/run/reading.ts';

export type RunStatusFile = StatusFile<RunStatus>;

/** Takes a run over from whoever had it before. When it was first started stays. */
export async function openRunStatus(folder: string): Promise<RunStatusFile> {
  const file = join(folder, RUN_FILES.status);
  const before = await readJson<RunStatus>(file);
  const { startedAt = new Date().toISOString(), step = 0, totalSteps = 0, device = '' } = before ?? {};
  const mine = { host: hostname(), processId: process.pid, startedAt };
  return new StatusFile<RunStatus>(
    file,
    { state: 'preparing', step, totalSteps, device, ...mine },
    ({ preparing, ...rest }) => ({ ...rest, ...(preparing && rest.state === 'preparing' && { preparing }) }),
  );
}
