import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where LM Lab keeps what is its own and is shared by editor and command line: LM_LAB_HOME, or ~/.lm-lab. */
export const homeFolder = (environment: Environment = process.env): string =>
  resolve(environment['LM_LAB_HOME'] || join(homedir(), '.lm-lab'));

/** `~` and `~/…` as the user's home folder, and the whole made absolute. */
export const expandHome = (path: string): string =>
  resolve(/^~(?=$|[\\/])/.test(path) ? join(homedir(), path.slice(1)) : path);
