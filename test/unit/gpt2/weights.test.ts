import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadGpt2 } from '../../../src/gpt2/load.ts';
import { readConfig } from '../../../src/gpt2/config.ts';
import { openWeights, type Weights } from '../../../src/gpt2/weights.ts';
import type { TensorToWrite } from '../../../src/models/safetensors.ts';
import { temporaryFolder } from '../models/temporary.ts';
import { type SmallModel, writeSmallModel } from './smallModel.ts';

async function open(model: SmallModel): Promise<Weights> {
  const folder = join(await temporaryFolder(), 'model');
  await writeSmallModel(folder, model);
  return openWeights(folder, await readConfig(folder));
}

const zeros = (name: string, shape: readonly number[]): TensorToWrite => ({
  name,
  dtype: 'F32',
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});

const LINEAR = /Linear instead of Conv1D.*transformers/;
const CONFIG = /Correct config\.json/;

describe('refused, with the tensor’s name', () => {
  test.each<[string, SmallModel, object]>([
    [
      'missing',
      { change: tensors => tensors.delete('h.1.attn.c_attn.bias') },
      { code: 'tensor-missing', message: expect.stringContaining('"h.1.attn.c_attn.bias"') },
    ],
    [
      'one layer more in config.json',
      {
        change: tensors =>
          [...tensors.keys()].filter(name => name.startsWith('h.1.')).forEach(name => tensors.delete(name)),
      },
      { code: 'tensor-missing', message: expect.stringContaining('"h.1.'), remedy: expect.stringContaining('n_layer') },
    ],
    [
      'no head though it is not tied',
      { config: { tie_word_embeddings: false } },
      {
        code: 'tensor-missing',
        message: expect.stringContaining('"lm_head.weight"'),
        remedy: expect.stringContaining('tie_word_embeddings'),
      },
    ],
    [
      'transposed',
      { change: tensors => tensors.set('h.0.mlp.c_fc.weight', zeros('h.0.mlp.c_fc.weight', [32, 8])) },
      {
        code: 'tensor-misshapen',
        message: expect.stringMatching(/"h\.0\.mlp\.c_fc\.weight" is \[32, 8\].*\[8, 32\]/),
        remedy: expect.stringMatching(LINEAR),
      },
    ],
    [
      'of another vocabulary',
      { change: tensors => tensors.set('wte.weight', zeros('wte.weight', [13, 8])) },
      {
        code: 'tensor-misshapen',
        message: expect.stringMatching(/"wte\.weight" is \[13, 8\].*\[12, 8\]/),
        remedy: expect.stringMatching(CONFIG),
      },
    ],
    [
      'of another rank',
      { change: tensors => tensors.set('ln_f.bias', zeros('ln_f.bias', [1, 8])) },
      { code: 'tensor-misshapen', message: expect.stringMatching(/"ln_f\.bias" is \[1, 8\].*\[8\]/) },
    ],
    [
      'integers',
      {
        change: tensors =>
          tensors.set('wpe.weight', { name: 'wpe.weight', dtype: 'I32', shape: [16, 8], data: new Int32Array(128) }),
      },
      {
        code: 'tensor-type',
        message: expect.stringMatching(/"wpe\.weight".*I32/),
        remedy: expect.stringContaining('F32'),
      },
    ],
    [
      'twice the precision',
      {
        change: tensors =>
          tensors.set('ln_f.bias', { name: 'ln_f.bias', dtype: 'F64', shape: [8], data: new Float64Array(8) }),
      },
      { code: 'tensor-type', message: expect.stringMatching(/"ln_f\.bias".*F64/) },
    ],
  ])('%s', async (_, model, error) => {
    await expect(open(model)).rejects.toMatchObject({ name: 'Reasoned', ...error });
  });
});

const adding =
  (...names: readonly string[]) =>
  (tensors: Map<string, TensorToWrite>): void =>
    names.forEach(name => tensors.set(name, zeros(name, [3])));

test.each<[string, SmallModel, readonly RegExp[]]>([
  ['nothing odd', {}, []],
  ['names with transformer. before them', { prefix: 'transformer.' }, []],
  ['mask buffers', { change: adding('h.0.attn.bias', 'transformer.h.1.attn.masked_bias') }, []],
  ['heads of other tasks', { change: adding('score.weight', 'v_head.summary.weight', 'v_head.summary.bias') }, []],
  ['a stored head that is tied', { change: adding('lm_head.weight') }, []],
  [
    'a tensor that nothing reads',
    { change: adding('h.0.attn.extra', 'scores.weight') },
    [/"h\.0\.attn\.extra"/, /"scores\.weight"/],
  ],
  ['a layer too many', { change: adding('h.2.attn.c_attn.bias') }, [/"h\.2\.attn\.c_attn\.bias"/]],
])('%s: the warnings', async (_, model, expected) => {
  const { warnings, tensors } = await open(model);
  expect(warnings).toHaveLength(expected.length);
  for (const [index, warning] of warnings.entries()) expect(warning).toMatch(expected[index] as RegExp);
  expect(tensors.get('h.0.attn.c_attn.bias')?.shape).toEqual([24]);
});

test('narrow weights are widened, F32 stays in its file', async () => {
  const half = { name: 'ln_f.bias', dtype: 'F16', shape: [8], data: new Uint16Array(8).fill(0x3c00) } as const;
  const { tensors } = await open({ change: all => all.set('ln_f.bias', half) });
  expect(tensors.get('ln_f.bias')?.values).toEqual(new Float32Array(8).fill(1));
  expect(tensors.get('ln_f.weight')?.values).toBeUndefined();
});

test('a cancel is seen while weights are opened', async () => {
  const folder = await temporaryFolder();
  await writeSmallModel(folder);
  const loading = loadGpt2(folder, { device: 'cpu', signal: AbortSignal.abort() });
  await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
});
