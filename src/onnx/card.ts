import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** How long nvidia-smi may take: it wakes cards that sleep. */
const MOST_MILLISECONDS = 5000;

/** The memory of each NVIDIA GPU in bytes, by its number; none where nvidia-smi does not tell. */
export async function cardMemory(): Promise<number[]> {
  const query = ['--query-gpu=memory.total', '--format=csv,noheader,nounits'];
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: MOST_MILLISECONDS });
    return stdout
      .trim()
      .split('\n')
      .map(mebibytes => Number(mebibytes) * 2 ** 20)
      .filter(Number.isFinite);
  } catch {
    return [];
  }
}
