import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Reasoned } from '../result.ts';
import { RUN_FILES } from './folder.ts';
import { moved, relativeWithin, withPaths } from './paths.ts';
import type { RunRequest } from './spec.ts';

/** Where a project keeps its runs, under the folder that its dataset belongs to. */
export const RUNS_FOLDER = join('.lm-lab', 'runs');

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
    await mkdir(runsFolder, { recursive: true });
    await ignoreInGit(runsFolder);
    const folder = await newFolder(join(runsFolder, runName(request, at)));
    const home = projectOf(runsFolder);
    const rewritten = withPaths(request, path => relativeWithin(moved(path, base, folder), home, folder));
    await writeFile(join(folder, RUN_FILES.spec), `${JSON.stringify(rewritten, null, 2)}\n`, { flag: 'wx' });
    return folder;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Reasoned(
      'run-folder-unwritable',
      `A run folder could not be made in ${runsFolder}: ${why}.`,
      'Make the folder writable, free some space, or choose another folder for runs.',
      { cause: error },
    );
  }
}

/** `2026-11-22T17-10-05-sms-spam-classification` */
export function runName({ dataset, method }: Pick<RunRequest, 'dataset' | 'method'>, at: Date): string {
  const time = at.toISOString().slice(0, 19).replaceAll(':', '-');
  const data = basename(dataset.file.replaceAll('\\', '/'))
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]+$/, '')
    .replace(/[^\p{L}\p{N}_.-]+/gu, '-')
    .slice(0, 60);
  return `${time}-${data || 'data'}-${method}`;
}

/** Under this name, or with a number after it where there is one already. */
async function newFolder(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = number === 1 ? path : `${path}-${number}`;
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Runs are large and made anew from their run.json: `.lm-lab` keeps itself out of version control. */
async function ignoreInGit(runsFolder: string): Promise<void> {
  const parent = dirname(resolve(runsFolder));
  if (basename(parent) !== '.lm-lab') return;
  try {
    await writeFile(join(parent, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The folder that holds `.lm-lab`; elsewhere the runs folder itself. */
function projectOf(runsFolder: string): string {
  const parent = dirname(resolve(runsFolder));
  return basename(parent) === '.lm-lab' ? dirname(parent) : runsFolder;
}
