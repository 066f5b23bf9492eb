import { fileURLToPath } from 'node:url';
import type { Call, EngineApi } from '../protocol/engine.ts';
import { interruption } from './interruption.ts';
import { progressReporter } from './progress.ts';

/** From dist/cli.js, where the bundle stands. */
export const STARTER = fileURLToPath(new URL('../models/starter', import.meta.url));
export const TORCH_PACKAGE = fileURLToPath(new URL('../python', import.meta.url));

/**
 * Gives work an engine in this process and a call that Ctrl+C cancels and that shows progress.
 */
export async function withEngine<T>(work: (engine: EngineApi, call: Required<Call>) => Promise<T>): Promise<T> {
  const { signal, end } = interruption();
  const progress = progressReporter(process.stderr);
  const { createEngineService } = await import('../engine/service.ts');
  const engine = createEngineService({ starterFolder: STARTER, log: line => process.stderr.write(`${line}\n`) });
  try {
    return await work(engine, { signal, onProgress: progress.report });
  } finally {
    progress.end();
    await engine.dispose();
    end();
  }
}
