import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileError } from '../../models/files.ts';

/** Arrays that are kept by key: in memory up to a limit, beyond it in a file of the system's folder for such. */
export class KeptStates {
  private readonly limitBytes: number;
  private readonly inMemory = new Map<string, Float32Array>();
  private readonly onDisk = new Map<string, { readonly at: number; readonly length: number }>();
  private memoryBytes = 0;
  private diskBytes = 0;
  private file: Promise<SpillFile> | null = null;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  has(key: string): boolean {
    return this.inMemory.has(key) || this.onDisk.has(key);
  }

  async keep(key: string, states: Float32Array): Promise<void> {
    if (this.memoryBytes + states.byteLength <= this.limitBytes) {
      this.inMemory.set(key, states.slice()); // a part of a larger array would keep all of it
      this.memoryBytes += states.byteLength;
      return;
    }
    this.file ??= openSpillFile();
    const { handle, path } = await this.file;
    const bytes = bytesOf(states);
    try {
      for (let done = 0; done < bytes.length; )
        done += (await handle.write(bytes, done, bytes.length - done, this.diskBytes + done)).bytesWritten;
    } catch (error) {
      throw fileError(error, path);
    }
    this.onDisk.set(key, { at: this.diskBytes, length: states.length });
    this.diskBytes += states.byteLength;
  }

  /** @throws RangeError for a key that nothing was kept under. */
  async get(key: string): Promise<Float32Array> {
    const known = this.inMemory.get(key);
    if (known) return known;
    const place = this.onDisk.get(key);
    if (!place || !this.file) throw new RangeError(`nothing is kept under "${key}"`);
    const states = new Float32Array(place.length);
    const bytes = bytesOf(states);
    const { handle, path } = await this.file;
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, done, bytes.length - done, place.at + done);
      if (bytesRead === 0) throw new Error(`"${path}" is shorter than what was written to it`);
      done += bytesRead;
    }
    return states;
  }

  async dispose(): Promise<void> {
    const file = await this.file;
    this.file = null;
    await file?.handle.close();
    if (file) await rm(file.folder, { recursive: true, force: true });
  }
}

interface SpillFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly folder: string;
}

async function openSpillFile(): Promise<SpillFile> {
  const folder = await mkdtemp(join(tmpdir(), 'lm-lab-states-'));
  const path = join(folder, 'states');
  const handle = await open(path, 'w+');
  // Where an open file may lose its name, it is gone with the process, however that ends.
  if (process.platform !== 'win32') await rm(folder, { recursive: true });
  return { handle, path, folder };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
