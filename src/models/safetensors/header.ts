import { type FileHandle, open, realpath } from 'node:fs/promises';
import { Reasoned } from '../../protocol/result.ts';
import { fileError } from '../files.ts';
import { type Dtype, isDtype, tensorBytes } from './dtypes.ts';

/** Where a tensor's bytes lie, little-endian and row-major. */
export interface TensorLocation {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Real path: symbolic links are resolved. */
  readonly file: string;
  /** In bytes from the start of the file. */
  readonly offset: number;
  readonly sizeBytes: number;
}

/** As in the reference implementation (safetensors/src/tensor.rs, MAX_HEADER_SIZE). */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;

/**
 * Reads and checks the header of a safetensors file: the tensors' bytes must be described without overlap or gap, up
 * to the end of the file. https://github.com/huggingface/safetensors#format
 * @throws Reasoned `weights-truncated`, `weights-corrupt`, or the file system's reason.
 */
export async function readHeader(file: string): Promise<Map<string, TensorLocation>> {
  const { json, end, real, fileBytes } = await openHeader(file);
  return locate(json, { shownAs: file, real, dataStart: end, fileBytes });
}

/** The texts that a safetensors file's header holds beside its tensors. Throws as readHeader. */
export async function readMetadata(file: string): Promise<Readonly<Record<string, string>>> {
  const { json } = await openHeader(file);
  const metadata = json['__metadata__'] ?? {};
  if (isObject(metadata) && Object.values(metadata).every(value => typeof value === 'string'))
    return metadata as Record<string, string>;
  throw corrupt(file, 'its metadata are not texts');
}

async function openHeader(file: string): Promise<Header & Pick<Place, 'real' | 'fileBytes'>> {
  try {
    const real = await realpath(file);
    const handle = await open(real, 'r');
    try {
      const { size } = await handle.stat();
      return { ...(await readHeaderJson(handle, file, size)), real, fileBytes: size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error, file);
  }
}

async function readHeaderJson(handle: FileHandle, file: string, fileBytes: number): Promise<Header> {
  if (fileBytes < LENGTH_BYTES) throw truncated(file, `it has ${fileBytes} bytes, too few for a header`);
  const length = Buffer.alloc(LENGTH_BYTES);
  await handle.read(length, 0, LENGTH_BYTES, 0);
  const headerBytes = Number(length.readBigUInt64LE());
  if (headerBytes > MAX_HEADER_BYTES)
    throw corrupt(file, `its header claims ${headerBytes} bytes, more than the format's ${MAX_HEADER_BYTES}`);
  const end = LENGTH_BYTES + headerBytes;
  if (end > fileBytes) throw truncated(file, `its header ends at byte ${end}, and the file has ${fileBytes}`);
  const text = Buffer.alloc(headerBytes);
  await handle.read(text, 0, headerBytes, LENGTH_BYTES);
  return { json: parseHeader(text, file), end };
}

interface Header {
  readonly json: Record<string, unknown>;
  readonly end: number;
}

function parseHeader(bytes: Buffer, file: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw corrupt(file, `its header is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!isObject(json)) throw corrupt(file, 'its header is not a JSON object');
  return json;
}

interface Place {
  readonly shownAs: string;
  readonly real: string;
  readonly dataStart: number;
  readonly fileBytes: number;
}

function locate(header: Record<string, unknown>, place: Place): Map<string, TensorLocation> {
  const tensors = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, description]) => locateOne(name, description, place))
    .sort((a, b) => a.offset - b.offset || a.sizeBytes - b.sizeBytes);
  checkCoverage(tensors, place);
  return new Map(tensors.map(tensor => [tensor.name, tensor]));
}

function locateOne(name: string, description: unknown, { shownAs, real, dataStart }: Place): TensorLocation {
  const fail = (what: string): Reasoned => corrupt(shownAs, `tensor "${name}" ${what}`);
  if (!isObject(description)) throw fail('has no description');
  const { dtype, shape, data_offsets: range } = description;
  if (!isDtype(dtype)) throw fail(`has the unknown element type ${JSON.stringify(dtype)}`);
  if (!isSizes(shape)) throw fail(`has the shape ${JSON.stringify(shape)}`);
  if (!isSizes(range) || range.length !== 2) throw fail(`has the byte range ${JSON.stringify(range)}`);
  const [begin, end] = range as [number, number];
  const expected = tensorBytes(dtype, shape);
  if (end - begin !== expected)
    throw fail(`is ${dtype} [${shape.join(', ')}], ${expected} bytes, but has the byte range ${begin} to ${end}`);
  return { name, dtype, shape, file: real, offset: dataStart + begin, sizeBytes: expected };
}

/** `tensors` by offset: each must start where the one before ends, and the last must end with the file. */
function checkCoverage(tensors: readonly TensorLocation[], { shownAs, dataStart, fileBytes }: Place): void {
  let end = dataStart;
  for (const { name, offset, sizeBytes } of tensors) {
    if (offset !== end)
      throw corrupt(
        shownAs,
        `tensor "${name}" starts at data byte ${offset - dataStart}, ${offset < end ? 'inside' : 'after a gap behind'} what ends at ${end - dataStart}`,
      );
    end += sizeBytes;
    if (end > fileBytes)
      throw truncated(shownAs, `tensor "${name}" ends at byte ${end}, and the file has ${fileBytes}`);
  }
  if (end !== fileBytes) throw corrupt(shownAs, `its tensors end at byte ${end}, and the file has ${fileBytes}`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(size => Number.isSafeInteger(size) && size >= 0);

const REMEDY = 'Download the model again, or save it once more with the program that made it.';

export const truncated = (file: string, what: string): Reasoned =>
  new Reasoned('weights-truncated', `"${file}" is cut short: ${what}.`, REMEDY);

export const corrupt = (file: string, what: string): Reasoned =>
  new Reasoned('weights-corrupt', `"${file}" is not a valid safetensors file: ${what}.`, REMEDY);
