import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Entry } from 'yauzl';
import type { OnProgress } from '../../protocol/engine.ts';
import { cancelled, Reasoned } from '../../protocol/result.ts';
import { fileError } from '../files.ts';
import { freeBytes, requireSpace } from './diskSpace.ts';
import { freeName, isDataFile } from './fileNames.ts';

export interface UnpackOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * What is in a downloaded file, beside it: the data files of a zip archive, what is in a gzip, or the file itself. The
 * archive goes when it is unpacked. A file without an ending gets the one of what it holds.
 * @throws Reasoned `archive-corrupt`, `archive-no-data`, or the disk's reason.
 */
export async function unpack(file: string, options: UnpackOptions): Promise<string[]> {
  const start = await firstBytes(file);
  if (start.subarray(0, 4).equals(ZIP)) return unpackZip(file, options);
  if (start.subarray(0, 2).equals(GZIP)) return [await unpackGzip(file, options)];
  return [await withEnding(file)];
}

const ZIP = Buffer.from('PK\u0003\u0004');
const GZIP = Buffer.from([0x1f, 0x8b]);
const SNIFFED_BYTES = 4096;

async function firstBytes(file: string): Promise<Buffer> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error, file);
  }
}

async function unpackGzip(file: string, options: UnpackOptions): Promise<string> {
  const target = await freeName(/\.gz$/i.test(file) ? file.slice(0, -3) : `${file}.unpacked`);
  await writeWhole(file, createReadStream(file), target, options, createGunzip());
  await rm(file);
  return withEnding(target);
}

async function unpackZip(file: string, options: UnpackOptions): Promise<string[]> {
  const { openPromise } = await import('yauzl');
  const files: string[] = [];
  try {
    const zip = await openPromise(file, { autoClose: false, lazyEntries: true });
    try {
      const entries: Entry[] = [];
      for await (const entry of zip.eachEntry()) entries.push(entry);
      const chosen = dataEntries(entries, file);
      await requireSpace(
        dirname(file),
        chosen.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0),
        freeBytes,
      );
      for (const entry of chosen) {
        options.onProgress?.({
          message: `Unpacking ${entry.fileName}`,
          done: files.length,
          total: chosen.length,
          unit: 'files',
        });
        const target = await freeName(join(dirname(file), basename(entry.fileName)));
        await writeWhole(file, await zip.openReadStreamPromise(entry), target, options);
        files.push(await withEnding(target));
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    throw error instanceof Reasoned ? error : corrupt(file, error);
  }
  await rm(file);
  return files;
}

/** Those that are data by their names, else those whose names have no ending, as the SMS spam collection's. */
function dataEntries(entries: readonly Entry[], file: string): Entry[] {
  const files = entries.filter(({ fileName }) => !/\/$|(^|\/)(__MACOSX\/|\.)/.test(fileName));
  const named = files.filter(({ fileName }) => isDataFile(fileName));
  const chosen = named.length > 0 ? named : files.filter(({ fileName }) => !/\.|^readme/i.test(basename(fileName)));
  if (chosen.length > 0) return chosen;
  throw new Reasoned(
    'archive-no-data',
    `"${basename(file)}" holds no data file, but ${
      files
        .slice(0, 10)
        .map(({ fileName }) => fileName)
        .join(', ') || 'nothing'
    }.`,
    'Unpack it yourself, and open what you need from it.',
  );
}

/** Under a temporary name, then renamed; nothing is left of what fails. */
async function writeWhole(
  archive: string,
  source: Readable,
  target: string,
  { signal }: UnpackOptions,
  unpacking?: ReturnType<typeof createGunzip>,
): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  const into = createWriteStream(temporary, { flags: 'wx' });
  try {
    const how = signal ? { signal } : {};
    await (unpacking ? pipeline(source, unpacking, into, how) : pipeline(source, into, how));
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    if (signal?.aborted) throw cancelled();
    const reason = fileError(error, target);
    throw reason instanceof Reasoned ? reason : corrupt(archive, error);
  }
}

/** A file whose name says nothing of its format is named after what it holds. */
async function withEnding(file: string): Promise<string> {
  if (/\.[^.\\/]+$/.test(basename(file)) && !file.endsWith('.unpacked')) return file;
  const stem = file.replace(/\.unpacked$/, '');
  const named = await freeName(`${stem}.${endingOf(await firstBytes(file))}`);
  await rename(file, named);
  return named;
}

function endingOf(start: Buffer): string {
  const text = start.toString('utf8');
  if (text.startsWith('PAR1')) return 'parquet';
  if (/^\s*\[/.test(text)) return 'json';
  if (/^\s*\{/.test(text)) return 'jsonl';
  const lines = text.split('\n').slice(0, -1);
  return lines.length > 0 && lines.every(line => line.includes('\t')) ? 'tsv' : 'txt';
}

const corrupt = (file: string, cause: unknown): Reasoned =>
  new Reasoned(
    'archive-corrupt',
    `"${basename(file)}" can't be unpacked: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Download it again.',
    { cause },
  );
