import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderName, LAB_FOLDER, newFolderIn, projectOf, whyUnwritable } from '../newFolder.ts';
import { Reasoned } from '../result.ts';
import { moved, relativeWithin } from '../run/paths.ts';
import { EVALUATION_FILES } from './folder.ts';
import { evaluationWithPaths } from './paths.ts';
import type { EvaluationRequest } from './request.ts';

/** Where a project keeps its evaluations, under the folder that their dataset belongs to. */
export const EVALUATIONS_FOLDER = join(LAB_FOLDER, 'evaluations');

export interface NewEvaluation {
  readonly request: EvaluationRequest;
  /** What the request's relative paths are relative to. */
  readonly base: string;
  /** Such as `<workspace folder>/.lm-lab/evaluations`; made where it is missing. */
  readonly evaluationsFolder: string;
  /** Absent: now. */
  readonly at?: Date;
}

/**
 * Makes a folder that holds the request alone, `<UTC time>-<dataset>-<task>`, and returns its path. Paths are rewritten
 * for the new place.
 * @throws Reasoned where the folder can't be written
 */
export async function createEvaluation(evaluation: NewEvaluation): Promise<string> {
  const { request, base, evaluationsFolder, at = new Date() } = evaluation;
  try {
    const folder = await newFolderIn(evaluationsFolder, folderName(at, request.dataset.file, request.task));
    const home = projectOf(evaluationsFolder);
    const rewritten = evaluationWithPaths(request, path => relativeWithin(moved(path, base, folder), home, folder));
    const json = `${JSON.stringify(rewritten, null, 2)}\n`;
    await writeFile(join(folder, EVALUATION_FILES.request), json, { flag: 'wx' });
    return folder;
  } catch (error) {
    const why = whyUnwritable(error);
    throw new Reasoned(
      'evaluation-folder-unwritable',
      `A folder for the evaluation could not be made in ${evaluationsFolder}: ${why}.`,
      'Make the folder writable, free some space, or choose another folder for evaluations.',
      { cause: error },
    );
  }
}
