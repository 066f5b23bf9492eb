import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../models/atomicFile.ts';
import { readFloat32, readHeader, writeSafetensors } from '../../models/safetensors.ts';
import { Reasoned } from '../../protocol/result.ts';
import { checkpointFolder, checkpointsOf } from '../../protocol/run/reading.ts';
import type { Learner } from '../learner.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import type { TrainingState } from '../state.ts';
import { deleteFolder, writeFolder } from './folders.ts';

const STATE = 'state.json';
const OPTIMIZER = 'optimizer.safetensors';

/** state.json: how far the run has come, and what its order of rows and its random numbers follow from. */
export interface CheckpointState extends TrainingState {
  readonly dataOrder: { readonly seed: number; readonly epoch: number; readonly stepOfEpoch: number };
  /** Dropout masks are counted from these: no generator has a state to keep. */
  readonly randomState: { readonly seed: number; readonly step: number };
  readonly peakMemoryBytes: number;
}

export interface Checkpoint {
  /** It is a model folder, or an adapter's, too. */
  readonly folder: string;
  readonly state: CheckpointState;
}

/** Writes a checkpoint, straight from where the numbers are; then deletes all but the newest `keep`. */
export async function saveCheckpoint(
  run: string,
  state: CheckpointState,
  { learner, optimizer }: { readonly learner: Learner; readonly optimizer: Optimizer },
  keep: number,
): Promise<void> {
  await writeFolder(checkpointFolder(run, state.step), async folder => {
    await learner.save(folder);
    const moments = optimizer.moments.map(({ values, ...moment }) => ({
      ...moment,
      dtype: 'F32' as const,
      data: values,
    }));
    await writeSafetensors(join(folder, OPTIMIZER), moments);
    await writeAtomically(join(folder, STATE), handle => handle.writeFile(`${JSON.stringify(state, null, 2)}\n`));
  });
  await deleteOldCheckpoints(run, keep);
}

/** Deletes all but the newest `keep`, of which there is at least one. */
export async function deleteOldCheckpoints(run: string, keep: number): Promise<void> {
  const old = (await checkpointsOf(run)).slice(0, -Math.max(1, keep));
  for (const step of old) await deleteFolder(checkpointFolder(run, step));
}

/** The newest checkpoint of a run; undefined where there is none yet. @throws Reasoned `checkpoint-unreadable` */
export async function newestCheckpoint(run: string): Promise<Checkpoint | undefined> {
  const step = (await checkpointsOf(run)).at(-1);
  if (step === undefined) return undefined;
  const folder = checkpointFolder(run, step);
  return readable(folder, async () => ({
    folder,
    state: JSON.parse(await readFile(join(folder, STATE), 'utf8')) as CheckpointState,
  }));
}

/** Puts back what the optimizer remembered. @throws Reasoned `checkpoint-unreadable` */
export function restoreMoments({ folder }: Checkpoint, { moments }: Optimizer): Promise<void> {
  return readable(folder, async () => {
    const stored = await readHeader(join(folder, OPTIMIZER));
    for (const { name, values } of moments) {
      const location = stored.get(name);
      if (location?.dtype !== 'F32' || location.sizeBytes !== values.byteLength)
        throw new Error(`${OPTIMIZER} has no tensor "${name}" of ${values.length} numbers.`);
      values.set(await readFloat32(location));
    }
  });
}

async function readable<T>(folder: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new Reasoned(
      'checkpoint-unreadable',
      `The checkpoint "${folder}" can’t be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Delete this checkpoint’s folder to go on from the one before it, or start the run anew.',
      { cause },
    );
  }
}
