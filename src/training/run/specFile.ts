import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, systemCode } from '../../models/files.ts';
import { Reasoned } from '../../protocol/result.ts';
import { complete } from '../../protocol/run/defaults.ts';
import { RUN_FILES } from '../../protocol/run/folder.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import { requestOfText } from '../../protocol/run/text.ts';

/**
 * The request of a run folder, with its defaults.
 * @throws Reasoned `run-missing`, and the first thing that is wrong with it
 */
export async function readSpec(folder: string): Promise<RunSpec> {
  const file = specFile(folder);
  return complete(requestOfText(await readText(file), file));
}

/** SHA-256 of run.json as it stands, in hexadecimal: what sha256sum says. */
export const specHash = async (folder: string): Promise<string> =>
  createHash('sha256')
    .update(await readText(specFile(folder)))
    .digest('hex');

const specFile = (folder: string): string => join(folder, RUN_FILES.spec);

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') throw fileError(error, file);
    throw new Reasoned('run-missing', `There is no "${file}".`, 'Give the folder of a run, or make one anew.');
  }
}
