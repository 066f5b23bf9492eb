import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { AsyncBuffer } from 'hyparquet';
import { fileBytes, isGzipped, readingFailed } from './bytes.ts';
import { openTemporary, type TemporaryFile } from './temporaryFile.ts';

/** A file that can be read at any place. */
export interface ParquetSource {
  readonly buffer: AsyncBuffer;
  close(): void;
}

/** The file itself; one that ends with .gz is unpacked to a temporary file. */
export async function parquetSource(
  file: string,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<ParquetSource> {
  const { descriptor, close } = isGzipped(file) ? await unpacked(file, options) : opened(file);
  const { size } = fstatSync(descriptor);
  return {
    buffer: {
      byteLength: size,
      async slice(start, end = size) {
        const bytes = new Uint8Array(end - start);
        for (let done = 0; done < bytes.length; ) {
          const bytesRead = readSync(descriptor, bytes, done, bytes.length - done, start + done);
          if (bytesRead === 0) throw new Error('it is cut short');
          done += bytesRead;
        }
        return bytes.buffer;
      },
    },
    close,
  };
}

function opened(file: string): TemporaryFile {
  try {
    const descriptor = openSync(file, 'r');
    return { descriptor, close: () => closeSync(descriptor) };
  } catch (error) {
    throw readingFailed(error, file);
  }
}

async function unpacked(file: string, options: { readonly signal?: AbortSignal | undefined }): Promise<TemporaryFile> {
  const temporary = openTemporary('parquet');
  try {
    for await (const bytes of fileBytes(file, options))
      for (let done = 0; done < bytes.length; ) done += writeSync(temporary.descriptor, bytes, done);
    return temporary;
  } catch (error) {
    temporary.close();
    throw error;
  }
}
