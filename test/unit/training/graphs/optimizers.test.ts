import { afterAll, expect, test } from 'vitest';
import { Graph, type Tensor } from '../../../../src/onnx/graph.ts';
import { createSession, float32, type Numbers } from '../../../../src/onnx/session.ts';
import { GRAPH_OPTIMIZERS } from '../../../../src/training/graphs/optimizers.ts';
import { nextOf } from '../../../../src/training/graphs/stepsGraph.ts';
import { decayOf, type OptimizerSpec } from '../../../../src/training/optimizer/optimizer.ts';
import { CASES, norm, shapeOf } from '../optimizerCases.ts';

/** Of numbers around 1. */
const TOLERANCE = 2e-6;
let largest = 0;
afterAll(() =>
  process.stdout.write(`Largest difference of an update in a graph to PyTorch: ${largest.toExponential(1)}\n`),
);

/** An update of one parameter: its values, `gradient` and memory by name → the next ones. */
function updateGraph(shape: readonly number[], spec: OptimizerSpec): Graph {
  const optimizer = GRAPH_OPTIMIZERS[spec.optimizer];
  const graph = new Graph();
  const kinds = optimizer.memory(spec);
  const names = Object.keys(optimizer.numbers(spec, 1, 1));
  const next = optimizer.advance(spec, {
    values: graph.input('values', 'float32', shape),
    gradient: graph.input('gradient', 'float32', shape),
    memory: kinds.map(kind => graph.input(kind, 'float32', shape)),
    decay: decayOf({ shape }, spec),
    numbers: Object.fromEntries(names.map(name => [name, graph.input(name, 'float32', [])])),
  });
  graph.output(nextOf('values'), next.values);
  for (const [index, kind] of kinds.entries()) graph.output(nextOf(kind), next.memory[index] as Tensor);
  return graph;
}

test.each(CASES)('$spec steps in a graph as in PyTorch', async ({ spec, learningRate, starts, updates, moments }) => {
  const optimizer = GRAPH_OPTIMIZERS[spec.optimizer];
  for (const [index, start] of starts.entries()) {
    const shape = shapeOf(start);
    const session = await createSession(updateGraph(shape, spec), { weightsFolder: '.', provider: 'cpu', threads: 1 });
    const zeros = (): Float32Array => new Float32Array(start.flat().length);
    let state: Record<string, Numbers> = {
      values: Float32Array.from(start.flat()),
      ...Object.fromEntries(optimizer.memory(spec).map(kind => [kind, zeros()])),
    };
    const close = (name: string, expected: readonly number[]): void => {
      const difference = Math.max(...expected.map((value, i) => Math.abs(value - Number(state[name]?.[i]))));
      largest = Math.max(largest, difference);
      expect(difference).toBeLessThan(TOLERANCE);
    };
    for (const [done, { gradients, values }] of updates.entries()) {
      const factor = Math.min(1, 1 / (norm(gradients) + 1e-6));
      const numbers = Object.entries(optimizer.numbers(spec, done + 1, learningRate));
      const results = await session.run({
        gradient: float32(
          Float32Array.from(gradients[index]?.flat() ?? [], value => value * factor),
          shape,
        ),
        ...Object.fromEntries(Object.entries(state).map(([name, data]) => [name, { data, shape }])),
        ...Object.fromEntries(numbers.map(([name, value]) => [name, float32(Float32Array.of(value), [])])),
      });
      state = Object.fromEntries(Object.keys(state).map(name => [name, results[nextOf(name)] as Numbers]));
      close('values', values[index]?.flat() ?? []);
    }
    for (const kind of optimizer.memory(spec)) close(kind, moments[`${kind}.${index}`]?.flat() ?? []);
    await session.dispose();
  }
});
