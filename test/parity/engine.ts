import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { createEngineService } from '../../src/engine/service.ts';
import type { EngineApi } from '../../src/protocol/engine.ts';
import { STARTER } from './expected.ts';

/** The engine's service in this process, with a models list of its own; it is gone after the file's tests. */
export function testEngine(): EngineApi {
  const home = mkdtempSync(path.join(tmpdir(), 'lm-lab-parity-'));
  const engine = createEngineService({ starterFolder: STARTER, home, log: () => {} });
  afterAll(async () => {
    await engine.dispose();
    rmSync(home, { recursive: true });
  });
  return engine;
}
