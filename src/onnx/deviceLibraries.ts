import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Libraries of the same name and another version that the system finds: for libcudnn.so.9 such as libcudnn.so.8. It is
 * looked for where Linux looks, in LD_LIBRARY_PATH and in the loader's list.
 */
export async function otherVersions(library: string): Promise<string[]> {
  const name = /^(lib[\w+-]+\.so)\.\d+/.exec(library)?.[1];
  if (name === undefined || process.platform !== 'linux') return [];
  const folders = (process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter(Boolean);
  const inFolders = await Promise.all(folders.map(folder => readdir(folder).catch(() => [] as string[])));
  const all = [...inFolders.flat(), ...(await loadersList())];
  const versions = all.filter(file => file.startsWith(`${name}.`) && /^\.\d+$/.test(file.slice(name.length)));
  return [...new Set(versions)].filter(version => version !== library).sort();
}

/** The names of the libraries that ld.so knows; none where it can't be asked. */
async function loadersList(): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)('/sbin/ldconfig', ['-p'], { maxBuffer: 16e6 });
    return stdout.split('\n').map(line => line.trim().split(' ')[0] as string);
  } catch {
    return [];
  }
}
