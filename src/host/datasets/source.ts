import path from 'node:path';

/** Why something typed can be no dataset's address or name; undefined: it can. */
export function sourceProblem(typed: string): string | undefined {
  const source = typed.trim();
  if (source === '') return 'Type an address, or owner/name of a dataset on the hub.';
  if (/^[a-z]+:\/\//i.test(source)) {
    if (!/^https?:\/\//i.test(source)) return 'An address starts with https:// (or http://).';
    return URL.canParse(source) ? undefined : 'This is no whole address.';
  }
  if (!/^(datasets\/)?[\w.-]+\/[\w.-]+(@[^\s:]+)?(:\S+)?$/.test(source)) {
    return 'A dataset on the hub is owner/name, with @revision and :path of a file where they are meant.';
  }
  return undefined;
}

/** Of the files that came, the one to look at first: that of the training part, else the first. */
export const mainFile = (files: readonly string[]): string | undefined =>
  files.find(file => /train/i.test(path.basename(file))) ?? files[0];
