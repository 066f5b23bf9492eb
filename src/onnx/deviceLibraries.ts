import { execFile } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** The runtime's own library for CUDA, which comes apart from the rest of it. */
const CUDA_LIBRARY = 'libonnxruntime_providers_cuda.so';

/** What is told of a library that can be loaded; Node itself takes none that is not an addon. */
export const LOADS = 'Module did not self-register';

/**
 * Why the runtime's library for CUDA can't be loaded, in the system's words, which the runtime itself keeps to its log;
 * null where it is not there.
 */
export async function loaderMessage(folder: string): Promise<string | null> {
  const library = join(folder, CUDA_LIBRARY);
  try {
    await access(library);
  } catch {
    return null;
  }
  try {
    process.dlopen({ exports: {} }, library);
    return LOADS;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Where the runtime was loaded from, by what the system has mapped; null where it does not tell. */
export async function runtimeFolder(): Promise<string | null> {
  try {
    const maps = await readFile('/proc/self/maps', 'utf8');
    const binding = /\s(\/.*\/onnxruntime_binding\.node)$/m.exec(maps)?.[1];
    return binding === undefined ? null : dirname(binding);
  } catch {
    return null;
  }
}

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
