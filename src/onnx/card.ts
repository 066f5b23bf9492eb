import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** How long nvidia-smi may take: it wakes cards that sleep. */
const MOST_MILLISECONDS = 5000;

/**
 * The most memory in bytes that CUDA's GPU of this number may have; undefined where that is not known, as where
 * CUDA_VISIBLE_DEVICES numbers them anew. CUDA has the fastest first and nvidia-smi goes by bus: unless CUDA is asked for
 * that order as well, it is the largest memory of all.
 */
export async function cardMemory(number: number): Promise<number | undefined> {
  if (process.env['CUDA_VISIBLE_DEVICES'] !== undefined) return undefined;
  const cards = await memories();
  if (process.env['CUDA_DEVICE_ORDER'] === 'PCI_BUS_ID') return cards[number];
  const known = cards.filter(memory => memory !== undefined);
  return number < cards.length && known.length === cards.length ? Math.max(...known) : undefined;
}

/** Of each GPU in bytes, in nvidia-smi's order; undefined where it does not tell, such as "[N/A]". */
async function memories(): Promise<(number | undefined)[]> {
  const query = ['--query-gpu=memory.total', '--format=csv,noheader,nounits'];
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: MOST_MILLISECONDS });
    const told = stdout.trim().split('\n').map(Number);
    return told.map(mebibytes => (mebibytes > 0 ? mebibytes * 2 ** 20 : undefined));
  } catch {
    return [];
  }
}
