import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFile {
  readonly descriptor: number;
  close(): void;
}

/**
 * A file to write and read, which is gone with this process: its name goes at once, or, on systems that keep the name of
 * an open file, when it is closed.
 */
export function openTemporary(purpose: string): TemporaryFile {
  const file = join(tmpdir(), `lm-lab-${purpose}-${process.pid}-${randomBytes(6).toString('hex')}`);
  const descriptor = openSync(file, 'wx+', 0o600);
  const named = !removed(file);
  return {
    descriptor,
    close() {
      closeSync(descriptor);
      if (named) rmSync(file, { force: true });
    },
  };
}

function removed(file: string): boolean {
  try {
    rmSync(file);
    return true;
  } catch {
    return false; // then close does it
  }
}
