import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { loadGpt2 } from '../../../src/gpt2/load.ts';
import type { Gpt2 } from '../../../src/gpt2/model.ts';
import { Reading } from '../../../src/scoring/reading.ts';
import { writeSmallModel } from '../gpt2/smallModel.ts';

const home = mkdtempSync(join(tmpdir(), 'lm-lab-reading-'));
let model: Gpt2;
beforeAll(async () => {
  await writeSmallModel(home);
  model = await loadGpt2(home, { device: 'cpu', threads: 1 });
});
afterEach(() => void vi.restoreAllMocks());
afterAll(async () => {
  await model.dispose();
  await rm(home, { recursive: true });
});

/** The rows of each run of the model from here on. `during` is called before each. */
function watched(during: () => void = () => undefined): number[][] {
  const runs: number[][] = [];
  const run = model.hiddenStates.bind(model);
  vi.spyOn(model, 'hiddenStates').mockImplementation((rows, cache) => {
    runs.push([...rows.ids]);
    during();
    return run(rows, cache);
  });
  return runs;
}

const TEXT = [1, 2, 3, 4, 5, 6, 7, 8];

async function expectRight(hidden: Float32Array, ids: readonly number[]): Promise<void> {
  const fresh = await new Reading(model).read(ids);
  expect(hidden).toHaveLength(model.config.width);
  for (const [index, value] of fresh.entries()) expect(hidden[index]).toBeCloseTo(value, 5);
}

test('a second question about the same text, or what stands before its end, costs no run', async () => {
  const reading = new Reading(model);
  await reading.read(TEXT);
  const runs = watched();
  const answers = [await reading.read(TEXT), await reading.read(TEXT.slice(0, 3)), await reading.read(TEXT)];
  expect(runs).toEqual([]);
  for (const [index, length] of [8, 3, 8].entries()) {
    await expectRight(answers[index] as Float32Array, TEXT.slice(0, length));
  }
});

test.each([
  ['appended', [...TEXT, 9, 10], [9, 10]],
  ['changed in the middle', [1, 2, 3, 11, 5, 6, 7, 8], [11, 5, 6, 7, 8]],
  ['deleted in the middle', [1, 2, 3, 6, 7, 8], [6, 7, 8]],
  ['changed at the start', [0, 2], [0, 2]],
])('%s: what follows the change is read, and nothing before it', async (_, changed, read) => {
  const reading = new Reading(model);
  await reading.read(TEXT);
  const runs = watched();
  const hidden = await reading.read(changed);
  expect(runs.flat()).toEqual(read);
  await expectRight(hidden, changed);
});

test('a cancelled reading keeps what it read, and the next one is right', async () => {
  vi.spyOn(model.trunkPace, 'rows', 'get').mockReturnValue(2);
  const abort = new AbortController();
  const reading = new Reading(model);
  const runs = watched(() => {
    if (runs.length === 2) abort.abort();
  });
  await expect(reading.read(TEXT, abort.signal)).rejects.toMatchObject({ code: 'cancelled' });
  expect(runs).toEqual([
    [1, 2],
    [3, 4],
  ]);
  const hidden = await reading.read(TEXT);
  expect(runs.slice(2)).toEqual([
    [5, 6],
    [7, 8],
  ]);
  await expectRight(hidden, TEXT);
});

test('a reading that is cancelled before it begins forgets nothing', async () => {
  const reading = new Reading(model);
  await reading.read(TEXT);
  const runs = watched();
  await expect(reading.read([1, 11, 11], AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  await reading.read(TEXT);
  expect(runs).toEqual([]);
});

test('a run that fails is told to its caller, and the next reading is right', async () => {
  vi.spyOn(model.trunkPace, 'rows', 'get').mockReturnValue(2);
  const reading = new Reading(model);
  const runs = watched(() => {
    if (runs.length === 2) throw new Error('out of luck');
  });
  await expect(reading.read(TEXT)).rejects.toThrow('out of luck');
  await expectRight(await reading.read(TEXT), TEXT);
});

test('readings that overlap wait for each other, and each is right', async () => {
  vi.spyOn(model.trunkPace, 'rows', 'get').mockReturnValue(1);
  const reading = new Reading(model);
  const texts = [TEXT, [1, 2, 9, 9], [1, 2, 3, 4, 10], [7], TEXT];
  const answers = await Promise.all(texts.map(text => reading.read(text)));
  for (const [index, text] of texts.entries()) await expectRight(answers[index] as Float32Array, text);
});

test('reads as many tokens as the model has positions', async () => {
  const text = Array.from({ length: 16 }, (_, index) => index % 12);
  await expectRight(await new Reading(model).read(text), text);
});
