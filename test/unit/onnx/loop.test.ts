import { expect, test } from 'vitest';
import { gradients } from '../../../src/autodiff/gradients.ts';
import { Graph, GraphError, type Tensor } from '../../../src/onnx/graph.ts';
import { loop, type Turn } from '../../../src/onnx/operators/control.ts';
import { add, less, multiply, not, scale, square } from '../../../src/onnx/operators/elementwise.ts';
import { gather } from '../../../src/onnx/operators/indexing.ts';
import { expand, reshape } from '../../../src/onnx/operators/layout.ts';
import { reduceSum } from '../../../src/onnx/operators/reductions.ts';
import { createSession, type Feeds } from '../../../src/onnx/session.ts';
import { floats, whole } from './run.ts';

/** The outputs of what `build` makes of a graph. */
async function compute(feeds: Feeds, build: (graph: Graph) => Readonly<Record<string, Tensor>>) {
  const graph = new Graph();
  for (const [name, tensor] of Object.entries(build(graph))) graph.output(name, tensor);
  const session = await createSession(graph, { weightsFolder: '.', provider: 'cpu', threads: 1 });
  const results = await session.run(feeds);
  await session.dispose();
  return Object.fromEntries(Object.entries(results).map(([name, data]) => [name, Array.from(data as Float32Array)]));
}

const turns = (graph: Graph, name = 'count', size = 'turns') => ({ count: graph.input(name, 'int64', []), size });
const sumOf = (x: Tensor): Tensor => reshape(reduceSum(x, [...x.shape.keys()]), []);

test('states go from turn to turn, inputs come for each, and what is collected is given of all', async () => {
  const given = { count: whole([], 3), x: floats([2], 1, 10), more: floats([3, 2], 1, 2, 3, 4, 5, 6) };
  const results = await compute(given, graph => {
    const { states, collected } = loop(graph, turns(graph), [graph.input('x', 'float32', [2])], turn => {
      const next = add(turn.states[0] as Tensor, turn.graph.input('more', 'float32', [2]));
      return { states: [next], collected: [scale(next, 2)] };
    });
    return { last: states[0] as Tensor, all: collected[0] as Tensor };
  });
  expect(results).toEqual({ last: [10, 22], all: [4, 24, 10, 32, 20, 44] });
});

test('no turn at all leaves the states as they were', async () => {
  const results = await compute({ count: whole([], 0), x: floats([2], 1, 10) }, graph => {
    const double = ({ states: [x] }: Turn) => ({ states: [scale(x as Tensor, 2)], collected: [] });
    return { last: loop(graph, turns(graph), [graph.input('x', 'float32', [2])], double).states[0] as Tensor };
  });
  expect(results).toEqual({ last: [1, 10] });
});

test('a turn reads the values around it, also as the first of an operator’s inputs, and gives them on', async () => {
  const given = { count: whole([], 2), table: floats([3, 2], 1, 2, 3, 4, 5, 6), rows: whole([2, 1], 2, 0) };
  const results = await compute(given, graph => {
    const table = graph.input('table', 'float32', [3, 2]);
    const { states, collected } = loop(graph, turns(graph), [scale(table, 0)], turn => ({
      states: [table],
      collected: [gather(table, turn.graph.input('rows', 'int64', [1])), turn.states[0] as Tensor],
    }));
    return { last: states[0] as Tensor, picked: collected[0] as Tensor, before: collected[1] as Tensor };
  });
  expect(results).toEqual({
    last: [1, 2, 3, 4, 5, 6],
    picked: [5, 6, 1, 2],
    before: [0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6],
  });
});

test('it ends where a turn says so, and each turn can be given the same', async () => {
  const given = { count: whole([], 9), x: floats([], 1), more: floats([], 2) };
  const results = await compute(given, graph => {
    const same = { ...turns(graph), sameInputs: true };
    const { states, collected } = loop(
      graph,
      same,
      [graph.input('x', 'float32', [])],
      ({ graph: turn, states: [x] }) => {
        const next = add(x as Tensor, turn.input('more', 'float32', []));
        return { states: [next], collected: [next], goesOn: not(less(turn.scalar(6), next)) };
      },
    );
    return { last: states[0] as Tensor, all: collected[0] as Tensor };
  });
  expect(results).toEqual({ last: [7], all: [3, 5, 7] });
});

test('a loop within a loop: its inputs are given for every turn of both, and symbols are those of the outermost', async () => {
  const given = { outer: whole([], 2), inner: whole([], 3), x: floats([2, 3, 2], ...Array(12).keys()) };
  const results = await compute(given, graph => {
    const inner = turns(graph, 'inner', 'I');
    const { states } = loop(graph, turns(graph, 'outer', 'O'), [graph.scalar(0)], turn => {
      const zero = expand(graph.scalar(0), [1]);
      const sums = loop(turn.graph, inner, [zero], each => {
        const x = each.graph.input('x', 'float32', ['S']);
        const ones = expand(each.graph.scalar(1), ['S']);
        return { states: [add(each.states[0] as Tensor, reduceSum(multiply(x, ones), [0]))], collected: [] };
      });
      return { states: [add(scale(turn.states[0] as Tensor, 100), sumOf(sums.states[0] as Tensor))], collected: [] };
    });
    return { sum: states[0] as Tensor };
  });
  expect(results).toEqual({ sum: [1551] }); // 100 · (0 + … + 5) + (6 + … + 11)
});

// Each turn goes down the gradient of Σ (2 w)² · g, which is 8 w g, with g given and 2 w made outside of the inner loop.
test('gradients go through values of the graphs around', async () => {
  const given = { count: whole([], 2), once: whole([], 1), w: floats([2], 1, 2), g: floats([2, 1, 2], 1, 1, 0.5, 2) };
  const results = await compute(given, graph => {
    const once = turns(graph, 'once', 'O');
    const { states } = loop(graph, turns(graph), [graph.input('w', 'float32', [2])], turn => {
      const w = turn.states[0] as Tensor;
      const twice = scale(w, 2);
      const found = loop(turn.graph, once, [scale(w, 0)], ({ graph, states }) => {
        const loss = sumOf(multiply(square(twice), graph.input('g', 'float32', [2])));
        const gradient = gradients(loss, [w])[0]?.dense as Tensor;
        return { states: [add(states[0] as Tensor, gradient)], collected: [] };
      });
      return { states: [add(w, scale(found.states[0] as Tensor, -1))], collected: [] };
    });
    return { last: states[0] as Tensor };
  });
  expect(results).toEqual({ last: [-7 + 8 * 7 * 0.5, -14 + 8 * 14 * 2] });
});

const WRONG: ReadonlyArray<readonly [name: string, states: (x: Tensor) => readonly Tensor[], told: RegExp]> = [
  ['fewer states', () => [], /Loop: 1 states go into a turn, and 0 come out/],
  [
    'another shape',
    x => [reduceSum(x, [0])],
    /Loop: state "x" is float32 \[2, 3\], and a turn leaves float32 \[1, 3\]/,
  ],
  ['another type', x => [x.graph.integers([1, 2, 3, 4, 5, 6], [2, 3])], /float32 \[2, 3\], .* int64 \[2, 3\]/],
];

test.each(WRONG)('%s than it was given is refused', (_, states, told) => {
  const graph = new Graph();
  const initial = [graph.input('x', 'float32', [2, 3])];
  const wrong = () =>
    loop(graph, turns(graph), initial, turn => ({ states: states(turn.states[0] as Tensor), collected: [] }));
  expect(wrong).toThrow(GraphError);
  expect(wrong).toThrow(told);
});

test('a count that is no whole number is refused, and so is a value from inside of a loop outside of it', () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', []);
  const kept: Tensor[] = [];
  const keep = ({ states }: Turn) => {
    kept.push(scale(states[0] as Tensor, 2));
    return { states, collected: [] };
  };
  expect(() => loop(graph, { count: x, size: 'turns' }, [x], keep)).toThrow(/count "x" is float32/);
  loop(graph, turns(graph), [x], keep);
  expect(() => graph.node('Add', [x, kept[0] as Tensor], [x])).toThrow(/belongs to another graph/);
});
