import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { root } from '../host/paths.ts';
import { runServerCommand } from '../host/server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the packaged extension is installed, and nothing else. */
    extensionsFolder: string;
  }
}

/** Installs the .vsix as a user does, into a fresh folder. Every scenario starts from it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lm-lab-installed-'));
  const extensionsFolder = path.join(folder, 'extensions');
  const vsix = path.join(root, 'dist', `lm-lab-${process.platform}-${process.arch}.vsix`);
  await runServerCommand([
    '--server-data-dir',
    path.join(folder, 'server'),
    '--extensions-dir',
    extensionsFolder,
    '--install-extension',
    vsix,
  ]);
  project.provide('extensionsFolder', extensionsFolder);
  return () => rm(folder, { recursive: true, force: true });
}
