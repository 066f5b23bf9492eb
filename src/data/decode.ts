import { analyse } from 'chardet';
import { type BytesDone, fileBytes } from './bytes.ts';
import { Reasoned } from '../protocol/result.ts';

/** Of a file that is no UTF-8, so many bytes decide what it is. */
const SAMPLE_BYTES = 64 * 1024;

/** A file's text in pieces, without a byte order mark. */
export interface DecodedText {
  readonly pieces: AsyncIterable<string>;
  /** As the WHATWG names it; known once the first piece has been read. */
  readonly encoding: () => string;
}

/**
 * The text of a file, unpacked where its name ends with .gz: by its byte order mark, else as UTF-8. A file that turns
 * out to be no UTF-8 is told by throwing `NotUtf8`: it must be read again, with the encoding that was detected.
 */
export function decodedText(file: string, encoding: string | undefined, done: BytesDone): DecodedText {
  let found = encoding ?? 'utf-8';
  async function* pieces(): AsyncGenerator<string> {
    found = encoding ?? (await encodingOfStart(file));
    const decoder = new TextDecoder(found, { fatal: encoding === undefined });
    let bytes: Uint8Array = new Uint8Array();
    try {
      for await (bytes of fileBytes(file, done)) yield decoder.decode(bytes, { stream: true });
      yield decoder.decode();
    } catch (error) {
      if (!isUndecodable(error)) throw error;
      throw new NotUtf8(detectedEncoding(bytes, file));
    }
  }
  return { pieces: pieces(), encoding: () => found };
}

const isUndecodable = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | null)?.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';

/** What is thrown when a file is no UTF-8, with what it seems to be. */
export class NotUtf8 extends Error {
  readonly encoding: string;

  constructor(encoding: string) {
    super(`The file is ${encoding}, not UTF-8.`);
    this.encoding = encoding;
  }
}

async function encodingOfStart(file: string): Promise<string> {
  const start = await firstBytes(file);
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return start.includes(0) ? detectedEncoding(start, file) : 'utf-8';
}

async function firstBytes(file: string): Promise<Uint8Array> {
  for await (const bytes of fileBytes(file, {})) return bytes.subarray(0, SAMPLE_BYTES);
  return new Uint8Array();
}

/** As the WHATWG names it. Throws `encoding-unknown`. */
function detectedEncoding(bytes: Uint8Array, file: string): string {
  for (const { name } of analyse(sampleOf(bytes))) {
    if (/^(utf-8|ascii)$/i.test(name)) continue;
    try {
      return new TextDecoder(name).encoding;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // an encoding that the runtime can't decode
    }
  }
  throw new Reasoned(
    'encoding-unknown',
    `"${file}" is no text in any encoding that is known here.`,
    'Check that it is a text file, and save it as UTF-8.',
  );
}

/** From where the first byte beyond ASCII stands: that is what tells encodings apart. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const first = Math.max(0, bytes.findIndex(byte => byte > 0x7f) - SAMPLE_BYTES / 2);
  return bytes.subarray(first, first + SAMPLE_BYTES);
}
