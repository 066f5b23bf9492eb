import { expect, test } from 'vitest';
import { arrange } from '../../../src/onnx/arrange.ts';
import { Graph } from '../../../src/onnx/graph.ts';
import { add, exp, negate, tanh } from '../../../src/onnx/operators/elementwise.ts';

test('what no output needs goes; what only gives outputs stands last, the first made at the end', () => {
  const graph = new Graph();
  const [x, unread] = [graph.input('x', 'float32', [2]), graph.input('unread', 'float32', [2])];
  const first = negate(x);
  graph.output('first', first);
  const between = tanh(x);
  add(unread, graph.scalar(3)); // leads nowhere
  graph.output('second', exp(between));
  graph.output('between', between);
  arrange(graph);
  expect(graph.nodes.map(({ operator }) => operator)).toEqual(['Tanh', 'Exp', 'Neg']);
  expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
  expect(graph.initializers).toEqual([]);
});
