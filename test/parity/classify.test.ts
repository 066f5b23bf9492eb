import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Classified } from '../../src/protocol/classify.ts';
import { valueOf } from '../../src/protocol/result.ts';
import { testEngine } from '../unit/engine/testEngine.ts';

const FIXTURES = path.resolve('test/parity/classify/fixtures');
const expected = JSON.parse(await readFile(path.join(FIXTURES, 'expected.json'), 'utf8')) as {
  readonly texts: readonly string[];
  readonly labels: readonly string[];
  readonly cases: Readonly<
    Record<string, ReadonlyArray<{ readonly cutTokens: number; readonly evolution: ReadonlyArray<readonly number[]> }>>
  >;
};

/** The largest difference of probabilities; what float32 leaves of them. */
const CLOSE = 2e-5;

describe.each(Object.entries(expected.cases))('%s', (name, texts) => {
  const model = path.join(FIXTURES, name);

  it('has the labels and probabilities of transformers, after each token too', async () => {
    const { engine } = await testEngine();
    const request = { model, device: 'cpu', texts: expected.texts } as const;
    const evolved = await valueOf(engine.classify({ ...request, evolution: true }));
    const plain = await valueOf(engine.classify(request));
    expect(evolved.labels).toEqual(expected.labels);
    for (const [index, text] of texts.entries()) {
      const found = evolved.texts[index] as Classified['texts'][number];
      expect(found.cutTokens).toBe(text.cutTokens);
      const differences = text.evolution.map((probabilities, at) =>
        largest(probabilities, found.evolution?.[at]?.probabilities ?? []),
      );
      expect(differences.length).toBe(found.evolution?.length);
      expect(Math.max(...differences)).toBeLessThan(CLOSE);
      const last = text.evolution.at(-1) as readonly number[];
      expect(largest(last, found.probabilities)).toBeLessThan(CLOSE);
      expect(largest(last, plain.texts[index]?.probabilities ?? [])).toBeLessThan(CLOSE);
      expect(found.label).toBe(expected.labels[last.indexOf(Math.max(...last))]);
    }
  });
});

const largest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? Number.NaN))));
