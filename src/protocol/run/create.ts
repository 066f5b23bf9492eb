import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderName, LAB_FOLDER, newFolderIn, projectOf, whyUnwritable } from '../newFolder.ts';
import { Reasoned } from '../result.ts';
import { RUN_FILES } from './folder.ts';
import { moved, relativeWithin, withPaths } from './paths.ts';
import type { RunRequest } from './spec.ts';

/** Where a project keeps its runs, under the folder that its dataset belongs to. */
export const RUNS_FOLDER = join(LAB_FOLDER, 'runs');

export interface NewRun {
  readonly request: RunRequest;
  /** What the request's relative paths are relative to: the folder of the run.json that it was read from. */
  readonly base: string;
  /** Such as `<workspace folder>/.lm-lab/runs`; made where it is missing. */
  readonly runsFolder: string;
  /** Absent: now. */
  readonly at?: Date;
}

/**
 * Makes a run folder that holds the request alone, `<UTC time>-<dataset>-<method>`, and returns its path. Whoever starts
 * a trainer on it starts the run. Paths are rewritten for the new place.
 * @throws Reasoned where the folder can't be written
 */
export async function createRun({ request, base, runsFolder, at = new Date() }: NewRun): Promise<string> {
  try {
    const folder = await newFolderIn(runsFolder, runName(request, at));
    const home = projectOf(runsFolder);
    const rewritten = withPaths(request, path => relativeWithin(moved(path, base, folder), home, folder));
    await writeFile(join(folder, RUN_FILES.spec), `${JSON.stringify(rewritten, null, 2)}\n`, { flag: 'wx' });
    return folder;
  } catch (error) {
    const why = whyUnwritable(error);
    throw new Reasoned(
      'run-folder-unwritable',
      `A run folder could not be made in ${runsFolder}: ${why}.`,
      'Make the folder writable, free some space, or choose another folder for runs.',
      { cause: error },
    );
  }
}

/** `2026-11-22T17-10-05-sms-spam-classification` */
export const runName = ({ dataset, method }: Pick<RunRequest, 'dataset' | 'method'>, at: Date): string =>
  folderName(at, dataset.file, method);
