import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTable } from '../../src/data/open.ts';
import { rewardsBy } from '../../src/evaluation/compare/rewards.ts';
import { embedTexts } from '../../src/evaluation/probe/embed.ts';
import { principalPlane, projected } from '../../src/evaluation/probe/principalComponents.ts';
import { loadGpt2 } from '../../src/gpt2/load.ts';
import { loadTokenizer } from '../../src/tokenizer/load.ts';
import { readFloat32 } from '../../src/models/safetensors.ts';
import { writeSafetensors } from '../../src/models/safetensors/write.ts';
import { openTensors } from '../../src/models/weights.ts';
import type { ModelEntry } from '../../src/protocol/engine.ts';
import { complete } from '../../src/protocol/run/defaults.ts';
import { viewOf } from '../../src/training/examples/rows.ts';
import { STARTER } from './expected.ts';

interface Expected {
  readonly texts: readonly string[];
  readonly models: Readonly<Record<string, Readonly<Record<'mean' | 'last', readonly number[][]>>>>;
  readonly planes: ReadonlyArray<{
    readonly name: string;
    readonly vectors: readonly number[][];
    readonly projected: readonly number[][];
    readonly explained: readonly number[];
  }>;
  readonly rewards: { readonly score: readonly number[]; readonly rewards: readonly number[] };
}

const { texts, models, planes, rewards } = JSON.parse(
  readFileSync(path.resolve('test/parity/embed/fixtures/expected.json'), 'utf8'),
) as Expected;

const folderOf = (name: string): string => (name === 'starter' ? STARTER : path.resolve('test/parity/fixtures', name));

/** The largest difference between numbers, of the largest number. */
function difference(ours: ReadonlyArray<ArrayLike<number>>, theirs: ReadonlyArray<readonly number[]>): number {
  const all = theirs.flat();
  const found = ours.flatMap(row => Array.from(row));
  expect(found.length).toBe(all.length);
  const scale = Math.max(...all.map(Math.abs));
  return Math.max(...all.map((value, at) => Math.abs(value - (found[at] as number)))) / scale;
}

describe.each(Object.entries(models))('vectors of texts by %s, as transformers’ hidden states', (name, expected) => {
  it.each(['mean', 'last'] as const)('%s', async pooling => {
    const folder = folderOf(name);
    const model = await loadGpt2(folder, { device: 'cpu' });
    const vectors = await embedTexts(model, await loadTokenizer(folder), texts, pooling);
    const largest = difference(vectors, expected[pooling]);
    console.log(`${name}, ${pooling}: largest difference ${largest.toExponential(1)} of the largest number`);
    expect(largest).toBeLessThan(1e-4);
    await model.dispose();
  });
});

describe('rewards of answers, as GPT2ForSequenceClassification with one output gives them', () => {
  it('prompt and answer encoded apart and joined', async () => {
    const from = folderOf('as-published');
    const folder = mkdtempSync(path.join(tmpdir(), 'lm-lab-reward-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync(from, folder, { recursive: true });
    const { score, rewards: expected } = rewards;
    const tensors = [...(await openTensors(from)).values()].map(async ({ name, shape, ...tensor }) => ({
      name,
      shape,
      dtype: 'F32' as const,
      data: await readFloat32({ name, shape, ...tensor }),
    }));
    const head = {
      name: 'score.weight',
      dtype: 'F32',
      shape: [1, score.length],
      data: Float32Array.from(score),
    } as const;
    await writeSafetensors(path.join(folder, 'model.safetensors'), [...(await Promise.all(tensors)), head]);
    const file = path.join(folder, 'rows.json');
    writeFileSync(
      file,
      JSON.stringify(texts.slice(0, -1).map((prompt, at) => ({ prompt, completion: texts[at + 1] }))),
    );
    const [model, tokenizer] = [await loadGpt2(folder, { device: 'cpu' }), await loadTokenizer(folder)];
    const dataset = { file, columns: { prompt: 'prompt', completion: 'completion' } } as const;
    const table = await openTable(file, { header: null });
    const view = await viewOf(table, complete({ method: 'sft', model: folder, dataset }), {});
    const held = { name: 'reward', entry: { folder } as ModelEntry, model, tokenizer };
    const rows = { dataset: view, numbers: null, count: view.view.count, others: { dataset: view, numbers: null } };
    const spec = { task: 'compare', models: [], dataset, part: null, rows: null, device: 'cpu' } as const;
    const rewardOf = await rewardsBy(held, 'none', { spec, rows });
    const answers = view.view.readBatch(0, 99).map(row => ({ row, response: texts[row.row + 1] as string }));
    const largest = difference([await rewardOf(answers)], [expected]);
    console.log(`rewards: largest difference ${largest.toExponential(1)} of the largest reward`);
    expect(largest).toBeLessThan(1e-4);
    await model.dispose();
    table.rows.dispose();
  });
});

describe('the plane of vectors, as scikit-learn finds it', () => {
  it.each(planes.map(plane => [plane.name, plane] as const))('%s', async (name, expected) => {
    const vectors = expected.vectors.map(vector => Float32Array.from(vector));
    const plane = await principalPlane(vectors);
    const points = difference(
      vectors.map(vector => projected(vector, plane)),
      expected.projected,
    );
    const shares = difference([plane.explained], [expected.explained as number[]]);
    console.log(
      `${name}: largest difference ${points.toExponential(1)} of a point, ${shares.toExponential(1)} of a share`,
    );
    expect(points).toBeLessThan(1e-5);
    expect(shares).toBeLessThan(1e-5);
  });

  it('of vectors that do not differ is none', async () => {
    const same = Array.from({ length: 4 }, () => Float32Array.of(1, 2, 3));
    const plane = await principalPlane(same);
    expect(plane.explained).toEqual([0, 0]);
    expect(projected(Float32Array.of(1, 2, 3), plane)).toEqual([0, 0]);
  });

  it('of one vector is none', async () => {
    expect((await principalPlane([Float32Array.of(1, 2, 3)])).explained).toEqual([0, 0]);
  });

  it('of vectors along one line has a second axis without a share', async () => {
    const line = Array.from({ length: 9 }, (_, at) => Float32Array.of(at, 2 * at, -at));
    const plane = await principalPlane(line);
    expect(plane.explained[0]).toBeCloseTo(1, 9);
    expect(plane.explained[1]).toBeCloseTo(0, 9);
  });

  it('of equal variances in two directions has both', async () => {
    const cross = [Float32Array.of(1, 0), Float32Array.of(-1, 0), Float32Array.of(0, 1), Float32Array.of(0, -1)];
    const { explained } = await principalPlane(cross);
    expect(explained[0]).toBeCloseTo(0.5, 9);
    expect(explained[1]).toBeCloseTo(0.5, 9);
  });
});
