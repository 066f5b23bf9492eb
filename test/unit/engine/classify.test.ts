import { readFile, rename, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readHeader } from '../../../src/models/safetensors.ts';
import { valueOf } from '../../../src/protocol/result.ts';
import { copyOf, spoil, testEngine } from './testEngine.ts';

const CLASSIFIER = '../classify/fixtures/last';
const SHARD = 'model-00001-of-00001.safetensors';

test('a classifier whose sharded weights were trained again answers by its new head', async () => {
  const { engine, folder } = await testEngine();
  const [model, trained] = [await copyOf(CLASSIFIER, folder, 'mine'), await copyOf(CLASSIFIER, folder, 'trained')];
  const names = [...(await readHeader(path.join(model, 'model.safetensors'))).keys()];
  const index = path.join(model, 'model.safetensors.index.json');
  await rename(path.join(model, 'model.safetensors'), path.join(model, SHARD));
  await writeFile(index, JSON.stringify({ weight_map: Object.fromEntries(names.map(name => [name, SHARD])) }));
  const classify = async () => {
    const { texts } = await valueOf(engine.classify({ model, device: 'cpu', texts: ['a'], evolution: false }));
    return texts[0]?.probabilities;
  };
  const before = await classify();
  await spoil(trained, 'score.weight', 10);
  await writeFile(path.join(model, SHARD), await readFile(path.join(trained, 'model.safetensors')));
  await utimes(index, 1, 1);
  expect(await classify()).not.toEqual(before);
});
