import { expect, test } from 'vitest';
import { placementOf } from '../../../src/engine/placement.ts';
import { countsByProvider, placementText } from '../../../src/protocol/placement.ts';
import { TINY, testEngine } from './testEngine.ts';

test('every node of a model on the CPU is told to have run there', async () => {
  const { engine } = await testEngine();
  const placed = await engine.placement({ model: TINY, device: 'cpu' });
  if (!placed.ok) throw new Error(placed.error.message);
  const { device, deviceMemoryBytes, graphs } = placed.value;
  expect(device.device).toBe('cpu');
  expect(deviceMemoryBytes).toBeNull();
  expect(graphs.map(({ name }) => name)).toEqual(['trunk', 'head']);
  for (const graph of graphs) expect(countsByProvider(graph).map(([provider]) => provider)).toEqual(['CPU']);
  const text = placementText(placed.value);
  expect(text).toMatch(/^ {2}trunk:\n {4}CPU: # \d+ nodes\n/m);
  expect(text).toMatch(/^ {6}LayerNormalization: \d+$/m);
});

test('a model that decodes in runs tells of the nodes within its loop too', async () => {
  const { graphs } = await placementOf(TINY, { device: 'cpu', decodesInRuns: true });
  const tokens = graphs.find(({ name }) => name === 'tokens');
  const count = (operator: string) => tokens?.nodes.find(nodes => nodes.operator === operator)?.count;
  expect(count('Loop')).toBe(1);
  expect(count('CumSum')).toBe(4);
  expect(count('ScatterND')).toBeGreaterThan(1);
});

test('a model that can’t be loaded is a reason', async () => {
  const { engine } = await testEngine();
  expect(await engine.placement({ model: 'test', device: 'cpu' })).toMatchObject({ ok: false });
});
