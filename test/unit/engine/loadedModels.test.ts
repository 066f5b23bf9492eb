import { afterEach, expect, test, vi } from 'vitest';
import { Tokenizers } from '../../../src/engine/tokenizers.ts';
import { LoadedModels } from '../../../src/engine/loadedModels.ts';
import { Gpt2 } from '../../../src/gpt2/model.ts';
import type { ModelEntry } from '../../../src/protocol/engine.ts';
import { loadTokenizer } from '../../../src/tokenizer/load.ts';
import { TINY } from './testEngine.ts';

vi.mock('../../../src/tokenizer/load.ts', { spy: true });
afterEach(() => void vi.restoreAllMocks());

const CPU = { device: 'cpu', precision: 'f32' } as const;
const entry = { id: TINY, folder: TINY } as ModelEntry;

test('a request that was cancelled before its turn loads nothing', async () => {
  const models = new LoadedModels(new Tokenizers(), { threads: 1 });
  const work = vi.fn<() => Promise<string>>(async () => 'done');
  const using = models.use(entry, CPU, { signal: AbortSignal.abort() }, work);
  await expect(using).rejects.toMatchObject({ code: 'cancelled' });
  expect(work).not.toHaveBeenCalled();
  expect(loadTokenizer).not.toHaveBeenCalled();
  expect(await models.use(entry, CPU, {}, work)).toBe('done');
  expect(loadTokenizer).toHaveBeenCalledTimes(1);
  await models.dispose();
});

test('a model that is asked for while others are let go is not one of them', async () => {
  const models = new LoadedModels(new Tokenizers(), { threads: 1 });
  for (const device of ['cpu', 'auto'] as const) await models.use(entry, { ...CPU, device }, {}, async () => undefined);
  let goOn = (): void => undefined;
  const slow = new Promise<void>(resolve => {
    goOn = resolve;
  });
  const release = vi.spyOn(Gpt2.prototype, 'dispose').mockImplementationOnce(() => slow);
  const disposing = models.dispose();
  const disposedWhileUsed = await models.use(entry, { ...CPU, device: 'auto' }, {}, async ({ model }) => {
    goOn();
    await disposing;
    return release.mock.contexts.includes(model);
  });
  expect(release).toHaveBeenCalledTimes(2);
  expect(disposedWhileUsed).toBe(false);
  await models.dispose();
});
