import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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

/** Halves differ by float32's rounding; what is multiplied by whole numbers is itself rounded to 8 bits in blocks of 32. */
const LARGEST: Readonly<Record<Rounded, number>> = { f16: 1e-4, bf16: 1e-4, int8: 1e-3, int4: 0.05 };

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
