import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTensors } from '../../../src/models/safetensors.ts';
import { Graph, type InitializerData } from '../../../src/onnx/graph.ts';
import { onBestDevice } from '../../../src/onnx/devices.ts';
import { add, relu } from '../../../src/onnx/operators/elementwise.ts';
import { runtimeFailure } from '../../../src/onnx/runtime.ts';
import { createSession, type Session } from '../../../src/onnx/session.ts';
import { temporaryFolder } from '../models/temporary.ts';
import { floats } from './run.ts';

const cpu = { provider: 'cpu', threads: 1 } as const;

/** x + w, with w [2] in a file. */
function graphWith(data: InitializerData): Graph {
  const graph = new Graph();
  const weight = graph.initializer('w', { type: 'float32', shape: [2] }, data);
  graph.output('sum', add(graph.input('x', 'float32', [2]), weight));
  return graph;
}

async function sum(graph: Graph, weightsFolder: string): Promise<number[]> {
  const session = await createSession(graph, { weightsFolder, ...cpu });
  const { sum } = await session.run({ x: floats([2], 100, 200) });
  await session.dispose();
  return Array.from(sum as Float32Array);
}

test('values are given out under the names that were asked for, also one that others are made of', async () => {
  const graph = new Graph();
  const positive = relu(graph.input('x', 'float32', [2]));
  graph.output('twice', add(positive, positive));
  graph.output('positive', positive);
  const session = await createSession(graph, { weightsFolder: '.', ...cpu });
  const results = await session.run({ x: floats([2], -1, 3) });
  expect(results).toEqual({ twice: Float32Array.of(0, 6), positive: Float32Array.of(0, 3) });
  await session.dispose();
});

test.each([0, 1, 2, 3, 7])('weights lie at byte %d of their file', async offset => {
  const folder = await temporaryFolder();
  const file = join(folder, 'weights');
  await writeFile(file, Buffer.concat([Buffer.alloc(offset, 0xff), Buffer.from(Float32Array.of(1, 2).buffer)]));
  expect(await sum(graphWith({ file, offset, sizeBytes: 8 }), folder)).toEqual([101, 202]);
});

test('weights are found behind links to their folder and to their file, as the Hugging Face cache keeps them', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'blobs'));
  await mkdir(join(folder, 'snapshot'));
  const header = Buffer.from('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await writeFile(
    join(folder, 'blobs', 'abc'),
    Buffer.concat([length, header, Buffer.from(Float32Array.of(1, 2).buffer)]),
  );
  await symlink(join('..', 'blobs', 'abc'), join(folder, 'snapshot', 'model.safetensors'));
  await symlink('snapshot', join(folder, 'link'));
  const location = (await openTensors(join(folder, 'link'))).get('w');
  expect(location).toBeDefined();
  if (location) expect(await sum(graphWith(location), join(location.file, '..'))).toEqual([101, 202]);
});

test('what a run lacks is a reason, and the session can still be used', async () => {
  const graph = new Graph();
  graph.output('positive', relu(graph.input('x', 'float32', ['S'])));
  const session: Session = await createSession(graph, { weightsFolder: '.', ...cpu });
  await expect(session.run({})).rejects.toMatchObject({ code: 'runtime-failed', remedy: expect.stringMatching(/cpu/) });
  expect(await session.run({ x: floats([1], 2) })).toEqual({ positive: Float32Array.of(2) });
  await session.dispose();
});

test('a weight file that is gone when the session is made is a reason, not a native message', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'weights');
  await writeFile(file, Buffer.alloc(8));
  const graph = graphWith({ file, offset: 0, sizeBytes: 8 });
  await rm(file);
  const opening = onBestDevice('cpu', 1, ({ provider }) =>
    createSession(graph, { weightsFolder: folder, provider, threads: 1 }),
  );
  await expect(opening).rejects.toMatchObject({ name: 'Reasoned', code: 'runtime-failed' });
});

/** A device that this platform's build of the runtime does not have. */
const ABSENT = process.platform === 'win32' ? 'coreml' : 'dml';

test('a device asked for by name is not replaced by another', async () => {
  const used: string[] = [];
  const opening = onBestDevice(ABSENT, 1, async ({ report }) => used.push(report.device));
  await expect(opening).rejects.toMatchObject({
    code: 'device-unavailable',
    message: expect.stringContaining(`"${ABSENT}"`),
    remedy: expect.stringContaining('cpu'),
  });
  expect(used).toEqual([]);
});

test('auto falls back to the cpu, and tells of each device why it was passed over', async () => {
  const { report } = await onBestDevice('auto', 3, async device => {
    if (device.report.device !== 'cpu')
      throw new Error('libabc.so.1: cannot open shared object file: No such file or directory\nmore');
    return device;
  });
  expect(report).toMatchObject({ device: 'cpu', threads: 3 });
  for (const { reason } of report.passedOver) {
    expect(reason).toBe('its libraries are not installed (libabc.so.1 is missing).');
  }
});

// What ONNX Runtime's allocators and cuBLAS say.
test.each([
  ['cpu', 'bad_alloc', 'There was not enough memory while running the model.'],
  [
    'cuda',
    'bfc_arena.cc:376 Failed to allocate memory for requested buffer of size 154389504',
    /device "cuda" had not/,
  ],
  ['cuda', 'CUDA failure 2: out of memory ; GPU=0', /device "cuda" had not enough memory while running/],
  ['cuda', 'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED', /device "cuda" had not enough memory/],
])('%s: "%s" is told as memory that is short there', (device, native, told) => {
  const { code, message } = runtimeFailure('while running the model', new Error(native), device);
  expect(code).toBe('out-of-memory');
  expect(message).toMatch(told);
});
