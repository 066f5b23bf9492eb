import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AsyncBuffer } from 'hyparquet';
import { fileBytes, isGzipped, readingFailed } from './bytes.ts';

/** A file that can be read at any place. */
export interface ParquetSource {
  readonly buffer: AsyncBuffer;
  close(): Promise<void>;
}

/** The file itself; one that ends with .gz is unpacked to a temporary file, whose name is gone at once. */
export async function parquetSource(
  file: string,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<ParquetSource> {
  const handle = isGzipped(file) ? await unpacked(file, options) : await opened(file);
  const { size } = await handle.stat();
  return {
    buffer: {
      byteLength: size,
      async slice(start, end = size) {
        const bytes = new Uint8Array(end - start);
        for (let done = 0; done < bytes.length; ) {
          const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
          if (bytesRead === 0) throw new Error('it is cut short');
          done += bytesRead;
        }
        return bytes.buffer;
      },
    },
    close: () => handle.close(),
  };
}

const opened = (file: string) => open(file, 'r').catch(error => Promise.reject(readingFailed(error, file)));

async function unpacked(file: string, options: { readonly signal?: AbortSignal | undefined }) {
  const temporary = join(tmpdir(), `lm-lab-parquet-${process.pid}-${randomBytes(6).toString('hex')}`);
  const handle = await open(temporary, 'wx+', 0o600);
  await rm(temporary, { force: true });
  try {
    for await (const bytes of fileBytes(file, options)) await handle.write(bytes);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}
