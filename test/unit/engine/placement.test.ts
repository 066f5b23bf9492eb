import { expect, test } from 'vitest';
import { placementOf } from '../../../src/engine/placement.ts';
import type { ModelEntry } from '../../../src/protocol/engine.ts';
import { countsByProvider, placementText } from '../../../src/protocol/placement.ts';
import { TINY, testEngine } from './testEngine.ts';

test('every node of a model on the CPU is told to have run there', async () => {
  const { engine } = await testEngine();
  const placed = await engine.placement({ model: TINY, device: 'cpu' });
  if (!placed.ok) throw new Error(placed.error.message);
  const { device, deviceMemoryBytes, graphs } = placed.value;
  expect(device.device).toBe('cpu');
  expect(deviceMemoryBytes).toBeGreaterThan(5e8);
  expect(graphs.map(({ name }) => name)).toEqual(['trunk', 'head']);
  for (const graph of graphs) expect(countsByProvider(graph).map(([provider]) => provider)).toEqual(['CPU']);
  const text = placementText(placed.value);
  expect(text).toMatch(/^ {2}trunk:\n {4}CPU: # \d+ nodes\n/m);
  expect(text).toMatch(/^ {6}LayerNormalization: \d+$/m);
});

test('a model that decodes in runs tells of the nodes within its loop too', async () => {
  const { graphs } = await placementOf(TINY, { device: 'cpu', ownMemory: true });
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

test('what fell back to the CPU is told first', () => {
  const device = { device: 'cuda', precision: 'f32', passedOver: [], threads: 2 } as const;
  const nodes = [
    { provider: 'CPU', operator: 'Shape', count: 3 },
    { provider: 'CUDA', operator: 'Gemm', count: 5 },
  ];
  const text = placementText({
    entry: { id: 'm' } as ModelEntry,
    device,
    deviceMemoryBytes: 1.26e9,
    graphs: [{ name: 'trunk', nodes }],
  });
  expect(text).toContain('# 3 of 8 nodes fell back to the CPU: Shape.\nnodes:\n  trunk:\n    CPU: # 3 nodes\n');
  expect(text).toContain('memory of a graphics card: about 1.3 GB\n');
});
