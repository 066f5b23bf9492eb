import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Reasoned, throwIfAborted } from '../protocol/result.ts';

const PIECE_BYTES = 1024 * 1024;

export interface BytesDone {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes of the file have been read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

export const isGzipped = (file: string): boolean => /\.gz$/i.test(file);

/**
 * The bytes of a file in pieces, unpacked where its name ends with .gz.
 * Throws `file-missing`, `file-expected`, `file-unreadable` and `gzip-corrupt`.
 */
export async function* fileBytes(file: string, { signal, onBytes }: BytesDone): AsyncGenerator<Uint8Array> {
  const source = createReadStream(file, { highWaterMark: PIECE_BYTES });
  const unpacked = isGzipped(file) ? createGunzip({ chunkSize: PIECE_BYTES }) : undefined;
  try {
    if (unpacked) source.on('error', error => unpacked.destroy(error)).pipe(unpacked);
    for await (const piece of unpacked ?? source) {
      throwIfAborted(signal);
      onBytes?.(source.bytesRead);
      yield piece as Uint8Array;
    }
  } catch (error) {
    throw readingFailed(error, file);
  } finally {
    source.destroy();
    unpacked?.destroy();
  }
}

/** Changes when the file does. Throws as `fileBytes`. */
export async function fileVersion(file: string): Promise<{ readonly version: string; readonly bytes: number }> {
  try {
    const stats = await stat(file);
    if (stats.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
    return { version: `${stats.mtimeMs}-${stats.size}-${stats.ino}`, bytes: stats.size };
  } catch (error) {
    throw readingFailed(error, file);
  }
}

export function readingFailed(error: unknown, file: string): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (error instanceof Reasoned || code === '') return error;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new Reasoned('file-missing', `There is no file "${file}".`, 'Check the path, or choose the file again.', {
      cause: error,
    });
  if (code === 'EISDIR')
    return new Reasoned('file-expected', `"${file}" is a folder, not a file.`, 'Choose a file in it.', {
      cause: error,
    });
  if (code.startsWith('Z_'))
    return new Reasoned(
      'gzip-corrupt',
      `"${file}" can't be unpacked: ${message}.`,
      'Get the file again: it is damaged or cut short.',
      { cause: error },
    );
  return new Reasoned('file-unreadable', `"${file}" can't be read: ${message}.`, 'Check that you may read it.', {
    cause: error,
  });
}
