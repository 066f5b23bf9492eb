import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { createEngineService, type EngineService } from '../../../src/engine/service.ts';

export const FIXTURES = path.resolve('test/parity/fixtures');
/** 512 tokens, 32 positions, F32. */
export const TINY = path.join(FIXTURES, 'head-size-12');

/** A service with a models list of its own, and what it logged; it goes with the test that asked for it. */
export async function testEngine(): Promise<{ engine: EngineService; log: string[]; folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lm-lab-engine-'));
  const log: string[] = [];
  const engine = createEngineService({
    starterFolder: TINY,
    home: path.join(folder, 'home'),
    threads: 1,
    log: line => log.push(line),
  });
  onTestFinished(async () => {
    await engine.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  return { engine, log, folder };
}

/** A copy of a fixture under another name. */
export async function copyOf(fixture: string, folder: string, name: string): Promise<string> {
  const copy = path.join(folder, name);
  await cp(path.join(FIXTURES, fixture), copy, { recursive: true });
  return copy;
}

export async function changeConfig(model: string, change: Readonly<Record<string, unknown>>): Promise<void> {
  const file = path.join(model, 'config.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...change }));
}

/** Writes a number over the first one of a tensor that is stored as F32. */
export async function spoil(model: string, tensor: string, value: number): Promise<void> {
  const file = path.join(model, 'model.safetensors');
  const bytes = await readFile(file);
  const headerBytes = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes)) as Record<string, { data_offsets: number[] }>;
  bytes.writeFloatLE(value, 8 + headerBytes + (header[tensor]?.data_offsets[0] as number));
  await writeFile(file, bytes);
}
