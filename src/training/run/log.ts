import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../../models/files.ts';
import { RUN_FILES } from '../../protocol/run/folder.ts';

export type Log = (line: string) => Promise<void>;

/** Appends lines to log.txt, each with its time. */
export const logOf =
  (folder: string): Log =>
  async line => {
    const file = join(folder, RUN_FILES.log);
    try {
      await appendFile(file, `${new Date().toISOString()} ${line}\n`);
    } catch (error) {
      throw fileError(error, file);
    }
  };
