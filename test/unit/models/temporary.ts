import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';

/** An empty folder that goes when the test that asked for it ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lm-lab-models-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);

/** For toMatchObject, which takes a bare pattern as equal to any error's message. */
export const reason = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });
