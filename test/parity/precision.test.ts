import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, it, test } from 'vitest';
import { readConfig } from '../../src/gpt2/config.ts';
import { openWeightsIn } from '../../src/gpt2/precision/open.ts';
import { readBytes } from '../../src/models/safetensors.ts';
import type { Precision } from '../../src/protocol/precision.ts';
import { valueOf } from '../../src/protocol/result.ts';
import { temporaryFolder } from '../unit/models/temporary.ts';
import { testEngine } from './engine.ts';

type Rounded = Exclude<Precision, 'f32'>;

interface Expected {
  readonly texts: ReadonlyArray<{ readonly text: string; readonly logProbabilities: readonly number[] }>;
  /** Of each matrix in blocks, by its name. */
  readonly packed?: Readonly<Record<string, string>>;
}

const FIXTURES = path.resolve('test/parity/fixtures');
const expected = JSON.parse(readFileSync(path.resolve('test/parity/precision/expected.json'), 'utf8')) as Readonly<
  Record<string, Readonly<Record<Rounded, Expected>>>
>;
const cases = Object.entries(expected).flatMap(([model, precisions]) =>
  Object.entries(precisions).map(([precision, wanted]) => [model, precision as Rounded, wanted] as const),
);

/** Halves differ by float32's rounding; what is multiplied by whole numbers is itself rounded to 8 bits. */
const LARGEST: Readonly<Record<Rounded, number>> = { f16: 1e-4, bf16: 1e-4, int8: 0.05, int4: 0.05 };

const engine = testEngine();

describe.each(cases)('%s in %s', (name, precision, wanted) => {
  const model = path.join(FIXTURES, name);
  let largest = 0;
  afterAll(() => console.log(`${name} in ${precision}: largest difference of a log-probability ${largest.toFixed(5)}`));

  it('gives the log-probabilities of transformers with weights rounded so', async () => {
    const texts = wanted.texts.map(({ text }) => text);
    const request = { model, device: 'cpu', precision, texts, firstToken: 'unscored', top: 0 } as const;
    const scored = await valueOf(engine.score(request));
    expect(scored.device).toMatchObject({ device: 'cpu', precision });
    for (const [at, { logProbabilities }] of wanted.texts.entries()) {
      const found = scored.texts[at]?.tokens.slice(1).map(({ surprisal }) => -(surprisal as number) * Math.LN2);
      expect(found).toHaveLength(logProbabilities.length);
      for (const [token, value] of logProbabilities.entries())
        largest = Math.max(largest, Math.abs((found?.[token] ?? Number.NaN) - value));
    }
    expect(largest).toBeLessThan(LARGEST[precision]);
  });

  it.runIf(wanted.packed)('rounds as numpy does, to the bit', async () => {
    const weights = await openWeightsIn(precision, model, await readConfig(model), { home: await temporaryFolder() });
    const hashes: Record<string, string> = {};
    for (const [tensor, weight] of weights.tensors) {
      if (!('blocks' in weight)) continue;
      const bytes = new Uint8Array(await readBytes(weight.blocks.packed));
      hashes[tensor] = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    }
    expect(hashes).toEqual(wanted.packed);
  });
});

test.each(['f16', 'int8', 'int4'] as const)('exported as ONNX in %s, it gives what it gives here', async precision => {
  const model = path.join(FIXTURES, 'as-published');
  const folder = path.join(await temporaryFolder(), 'out');
  await valueOf(engine.exportModel({ model, format: 'onnx', folder, merge: false, precision }));
  const session = await InferenceSession.create(path.join(folder, 'model.onnx'), { logSeverityLevel: 4 });
  const text = 'The movie was full of surprises';
  const request = { model, device: 'cpu', precision, texts: [text], firstToken: 'unscored', top: 0 } as const;
  const tokens = (await valueOf(engine.score(request))).texts[0]?.tokens ?? [];
  const ids = tokens.map(({ id }) => BigInt(id));
  const input = (values: readonly bigint[]): Tensor => new Tensor('int64', BigInt64Array.from(values), [1, ids.length]);
  const { logits } = await session.run({ input_ids: input(ids), attention_mask: input(ids.map(() => 1n)) });
  const { data, dims } = logits as Tensor;
  const vocabulary = dims[2] as number;
  for (const [at, { id, probability }] of tokens.slice(1).entries()) {
    const row = (data as Float32Array).subarray(at * vocabulary, (at + 1) * vocabulary);
    const sum = row.reduce((total, logit) => total + Math.exp(logit), 0);
    expect(Math.log(Math.exp(row[id] as number) / sum)).toBeCloseTo(Math.log(probability as number), 2); // f16 has norms in halves too
  }
});
