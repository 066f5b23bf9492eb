import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** When each of a folder's files was last changed, in milliseconds; 0 for one that is not there. */
export async function fileVersions(folder: string, files: readonly string[]): Promise<number[]> {
  const stats = await Promise.allSettled(files.map(file => stat(join(folder, file))));
  return stats.map(result => (result.status === 'fulfilled' ? result.value.mtimeMs : 0));
}
