import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';
import { Reasoned } from '../../protocol/result.ts';
import { fileError } from '../files.ts';

/** A pickle of names and shapes is small; more than this is something else. */
const MAX_PICKLE_BYTES = 64 * 1024 * 1024;

/** The zip archive that torch.save writes since 1.6: data.pkl, and a stored file for each storage. */
export interface TorchArchive {
  readonly pickle: Uint8Array;
  storageBytes(key: string): number;
  /** The bytes from `start` up to `end` of a storage. */
  read(key: string, start: number, end: number): AsyncIterable<Uint8Array>;
  close(): void;
}

/** @throws Reasoned `pytorch-legacy` for the older format, `weights-corrupt` for a damaged archive. */
export async function openArchive(file: string): Promise<TorchArchive> {
  await checkIsZip(file);
  const { openPromise } = await import('yauzl');
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(file, { autoClose: false, lazyEntries: true });
    return await archiveIn(zip, file);
  } catch (error) {
    zip?.close();
    if (error instanceof Reasoned) throw error;
    throw damaged(file, error instanceof Error ? error.message : String(error));
  }
}

async function archiveIn(zip: ZipFile, file: string): Promise<TorchArchive> {
  const entries = await entriesOf(zip);
  const pickleName = [...entries.keys()].find(name => name.endsWith('/data.pkl'));
  if (pickleName === undefined) throw damaged(file, 'it has no data.pkl');
  const prefix = pickleName.slice(0, -'data.pkl'.length);
  const stored = (name: string): Entry => storedEntry(entries, prefix + name, file);
  const stream = streamer(zip);
  const text = async (name: string) => Buffer.concat(await collect(stream(stored(name))));
  if (stored('data.pkl').uncompressedSize > MAX_PICKLE_BYTES) throw damaged(file, 'its data.pkl is far too large');
  if (entries.has(`${prefix}byteorder`) && (await text('byteorder')).toString() !== 'little')
    throw damaged(file, 'it was written on a big-endian machine');
  return {
    pickle: await text('data.pkl'),
    storageBytes: key => stored(`data/${key}`).uncompressedSize,
    read: (key, start, end) => stream(stored(`data/${key}`), { start, end }),
    close: () => zip.close(),
  };
}

async function checkIsZip(file: string): Promise<void> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
      if (buffer.readUInt32BE() === 0x504b0304) return; // "PK", a zip archive's first entry
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error, file);
  }
  throw new Reasoned(
    'pytorch-legacy',
    `"${file}" is in the format of PyTorch before 1.6 (or not PyTorch's at all), which is not read.`,
    'Load it with transformers and save it with save_pretrained, which writes model.safetensors.',
  );
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  return entries;
}

function storedEntry(entries: ReadonlyMap<string, Entry>, name: string, file: string): Entry {
  const entry = entries.get(name);
  if (!entry) throw damaged(file, `it has no ${name}`);
  if (entry.compressionMethod !== 0) throw damaged(file, `${name} is compressed, which torch.save never does`);
  return entry;
}

type Streamer = (entry: Entry, range?: { start: number; end: number }) => AsyncIterable<Uint8Array>;

function streamer(zip: ZipFile): Streamer {
  return async function* (entry, range = { start: 0, end: entry.uncompressedSize }) {
    if (range.start === range.end) return;
    const stream: Readable = await zip.openReadStreamPromise(entry, range);
    yield* stream as AsyncIterable<Uint8Array>;
  };
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

const damaged = (file: string, what: string): Reasoned =>
  new Reasoned('weights-corrupt', `"${file}" can't be read: ${what}.`, 'Download the model again.');
