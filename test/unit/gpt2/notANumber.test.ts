import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KeyValueCache } from '../../../src/gpt2/cache.ts';
import { loadGpt2 } from '../../../src/gpt2/load.ts';
import { gpt2Config } from '../../../src/gpt2/config.ts';
import { mapParameters } from '../../../src/gpt2/parameters.ts';
import { temporaryFolder } from '../models/temporary.ts';
import { SMALL_CONFIG, type SmallModel, withElements, writeSmallModel } from './smallModel.ts';

/** Asks the model what comes after tokens 0 and 1. */
async function ask(model: SmallModel): Promise<unknown> {
  const folder = join(await temporaryFolder(), 'model');
  await writeSmallModel(folder, model);
  const gpt2 = await loadGpt2(folder, { device: 'cpu', threads: 1 });
  onTestFinished(() => gpt2.dispose());
  const cache = new KeyValueCache(gpt2.config);
  const rows = { ids: [0, 1], positions: [0, 1], attended: { kind: 'causal' } } as const;
  return gpt2.statistics(await gpt2.hiddenStates(rows, cache), [1, 2], 1);
}

const names: string[] = [];
mapParameters(gpt2Config(SMALL_CONFIG, ''), name => names.push(name));
const refusal = (name: string, value: string, element = 0) => ({
  code: 'weights-not-a-number',
  message: expect.stringContaining(`"${name}" of the weights holds ${value} at element ${element}`),
});

describe.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%s in one weight is named', bad => {
  test.each(names)('%s', async name => {
    const spoil: SmallModel = { change: all => all.set(name, withElements(all.get(name)!, { 0: bad })) };
    await expect(ask(spoil)).rejects.toMatchObject(refusal(name, String(bad)));
  });
});

// With a tied head one of the two infinities makes a logit of -Infinity, with which probabilities still look right.
test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  '%s in the embedding of a token that does not stand in the text is named',
  async bad => {
    const name = 'wte.weight';
    const spoil: SmallModel = { change: all => all.set(name, withElements(all.get(name)!, { 40: bad })) };
    await expect(ask(spoil)).rejects.toMatchObject(refusal(name, String(bad), 40));
  },
);

test.each(['relu', 'gelu'])('also where %s stands behind it', async activation => {
  const name = 'h.1.mlp.c_fc.bias';
  const change: SmallModel['change'] = all => all.set(name, withElements(all.get(name)!, { 5: Number.NaN }));
  await expect(ask({ config: { activation_function: activation }, change })).rejects.toMatchObject(
    refusal(name, 'NaN', 5),
  );
});

test.each([
  ['F16', 0x7e00, 'NaN'],
  ['F16', 0x7c00, 'Infinity'],
  ['BF16', 0x7fc0, 'NaN'],
  ['BF16', 0xff80, '-Infinity'],
] as const)('also in %s: %i is %s', async (dtype, bits, told) => {
  const name = 'ln_f.weight';
  const data = Uint16Array.from({ length: 8 }, (_, index) => (index === 3 ? bits : 0));
  await expect(ask({ change: all => all.set(name, { name, dtype, shape: [8], data }) })).rejects.toMatchObject(
    refusal(name, told, 3),
  );
});

test('finite weights whose products leave float32 are told as such', async () => {
  const change: SmallModel['change'] = all =>
    all.set(
      'ln_f.weight',
      withElements(all.get('ln_f.weight')!, Object.fromEntries([...Array(8).keys()].map(i => [i, 3e38]))),
    );
  await expect(ask({ change })).rejects.toMatchObject({
    code: 'weights-not-a-number',
    message: expect.stringContaining('grow beyond float32'),
  });
});
