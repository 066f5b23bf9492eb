import { readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readFloat32, readHeader } from '../../src/models/safetensors.ts';
import { accumulated, difference, firstStep, fixtureRun, openFixture } from './learner/runs.ts';

const FIXTURES = path.resolve('test/parity/learner/fixtures');
const NAMES = readdirSync(FIXTURES).map(file => path.basename(file, '.safetensors'));

const largest = { name: '', difference: 0 };
afterAll(() => {
  process.stdout.write(`Largest difference of a gradient: ${largest.difference.toExponential(1)}, ${largest.name}\n`);
});

test.each(NAMES)('%s: the loss and every gradient of its first step are those of PyTorch', async name => {
  const file = path.join(FIXTURES, `${name}.safetensors`);
  const run = await fixtureRun(name);
  const learner = await openFixture(run);
  const loss = await accumulated(learner, firstStep(run));
  expect(Math.abs(loss / (await expectedLoss(file)) - 1)).toBeLessThan(1e-5);
  const expected = await readHeader(file);
  expect(learner.parameters.map(({ name }) => name).sort()).toEqual([...expected.keys()].sort());
  for (const parameter of learner.parameters) {
    const location = expected.get(parameter.name);
    expect(parameter.shape).toEqual(location?.shape);
    if (!location) continue;
    const found = difference(parameter.gradient, await readFloat32(location));
    if (found > largest.difference) Object.assign(largest, { name: `${parameter.name} of ${name}`, difference: found });
    expect({ name: parameter.name, isClose: found < 1e-4 }).toEqual({ name: parameter.name, isClose: true });
  }
  await learner.dispose();
});

/** It stands in the header's metadata. */
async function expectedLoss(file: string): Promise<number> {
  const handle = await open(file);
  try {
    const length = Buffer.alloc(8);
    await handle.read(length, 0, 8, 0);
    const header = Buffer.alloc(Number(length.readBigUInt64LE()));
    await handle.read(header, 0, header.length, 8);
    const { __metadata__: metadata } = JSON.parse(header.toString('utf8')) as { __metadata__: { loss: string } };
    return Number(metadata.loss);
  } finally {
    await handle.close();
  }
}
