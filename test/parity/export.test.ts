import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { valueOf } from '../../src/protocol/result.ts';
import { loadTokenizer } from '../../src/tokenizer/load.ts';
import { testEngine } from '../unit/engine/testEngine.ts';

const FIXTURES = path.resolve('test/parity/classify/fixtures');
const MODELS = path.resolve('test/parity/fixtures');
const expected = JSON.parse(await readFile(path.join(FIXTURES, 'expected.json'), 'utf8')) as {
  readonly texts: readonly string[];
  readonly cases: Readonly<Record<string, ReadonlyArray<{ readonly evolution: ReadonlyArray<readonly number[]> }>>>;
};
/** Those that fit into the context. */
const TEXTS = [0, 1, 3];

async function exported(model: string, merge = false) {
  const { engine, folder } = await testEngine();
  const out = path.join(folder, 'out');
  const { files } = await valueOf(engine.exportModel({ model, format: 'onnx', folder: out, merge }));
  expect(files.map(file => path.basename(file))).toEqual(
    expect.arrayContaining(['model.onnx', 'config.json', 'model.safetensors', 'tokenizer.json']),
  );
  const session = await InferenceSession.create(path.join(out, 'model.onnx'), { logSeverityLevel: 4 });
  return { out, engine, session, tokenizer: await loadTokenizer(out) };
}

/** A batch filled up on the right, as other programs give it. */
async function logitsOf(
  session: InferenceSession,
  rows: readonly (readonly number[])[],
  pad: number,
  longest?: number,
) {
  const length = longest ?? Math.max(...rows.map(row => row.length));
  const filled = (value: (row: readonly number[], at: number) => number): Tensor => {
    const cells = rows.flatMap(row => Array.from({ length }, (_, at) => BigInt(value(row, at))));
    return new Tensor('int64', BigInt64Array.from(cells), [rows.length, length]);
  };
  const results = await session.run({
    input_ids: filled((row, at) => row[at] ?? pad),
    attention_mask: filled((row, at) => (at < row.length ? 1 : 0)),
  });
  const logits = results['logits'] as Tensor;
  return { values: [...(logits.data as Float32Array)], dims: logits.dims };
}

const softmax = (logits: readonly number[]): number[] => {
  const highest = Math.max(...logits);
  const powers = logits.map(logit => Math.exp(logit - highest));
  return powers.map(power => power / powers.reduce((sum, other) => sum + other, 0));
};

describe.each(Object.entries(expected.cases))('classifier %s as ONNX', (name, cases) => {
  it('gives the probabilities of transformers, of a batch', async () => {
    const { session, tokenizer } = await exported(path.join(FIXTURES, name), name === 'adapter');
    const rows = TEXTS.map(index => tokenizer.encode(expected.texts[index] as string).map(({ id }) => id));
    const { values, dims } = await logitsOf(session, rows, 0, name === 'position' ? 32 : undefined);
    expect(dims).toEqual([3, 3]);
    for (const [row, index] of TEXTS.entries()) {
      const probabilities = softmax(values.slice(3 * row, 3 * row + 3));
      const wanted = cases[index]?.evolution.at(-1) as readonly number[];
      for (const [label, value] of wanted.entries()) expect(probabilities[label]).toBeCloseTo(value, 4);
    }
  });
});

describe.each([
  ['tanh', 'head-size-12'],
  ['untied, erf', 'head-size-64-untied-gelu'],
  ['half precision, relu', 'relu-inner-f16'],
  ['sharded, scaled by layer', 'inverse-layer-scale-sharded'],
  ['unscaled', 'unscaled-attention-bf16'],
])('language model as ONNX: %s', (_, name) => {
  it('gives the log-probabilities that scoring gives', async () => {
    const { out, engine, session, tokenizer } = await exported(path.join(MODELS, name));
    const text = 'The movie was full of surprises.';
    const ids = tokenizer.encode(text).map(({ id }) => id);
    const { values, dims } = await logitsOf(session, [ids, ids.slice(0, 2)], 0);
    const vocabulary = dims[2] as number;
    const loss = ids.slice(1).reduce((sum, id, at) => {
      const row = softmax(values.slice(at * vocabulary, (at + 1) * vocabulary));
      return sum - Math.log(row[id] as number);
    }, 0);
    const request = { model: out, device: 'cpu', texts: [text], firstToken: 'unscored', top: 0 } as const;
    const [scored] = (await valueOf(engine.score(request))).texts;
    expect(loss).toBeCloseTo(scored?.negativeLogLikelihood as number, 2);
  });
});

describe('what is not exported', () => {
  it.each([
    ['an adapter alone as ONNX', path.join(FIXTURES, 'adapter'), 'onnx', false, 'adapter-alone'],
    ['a model that is no adapter, merged', path.join(FIXTURES, 'last'), 'safetensors', true, 'not-an-adapter'],
    ['into a folder with files', path.join(FIXTURES, 'last'), 'safetensors', false, 'folder-not-empty'],
  ] as const)('%s', async (what, model, format, merge, code) => {
    const { engine, folder } = await testEngine();
    const out = what.startsWith('into') ? FIXTURES : path.join(folder, 'out');
    const result = await engine.exportModel({ model, format, folder: out, merge });
    expect(result).toMatchObject({ ok: false, error: { code } });
  });
});
