import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Gradient, gradients } from '../../src/autodiff/gradients.ts';
import { GRADIENT_RULES } from '../../src/autodiff/rules/table.ts';
import { arrange } from '../../src/onnx/arrange.ts';
import { Graph, GraphError, type Tensor } from '../../src/onnx/graph.ts';
import { greater, multiply, cast } from '../../src/onnx/operators/elementwise.ts';
import { reshape } from '../../src/onnx/operators/layout.ts';
import { reduceSum } from '../../src/onnx/operators/reductions.ts';
import { createSession, type Feeds, float32, type Numbers } from '../../src/onnx/session.ts';
import { type Case, CASES } from './autodiff/cases.ts';

interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** What PyTorch says of one case, as test/parity/autodiff/generate.py writes it. */
interface Expected {
  readonly name: string;
  readonly inputs: readonly Values[];
  /** The loss is the sum of the output, weighted by these. */
  readonly weights: Values;
  readonly output: Values;
  readonly gradients: readonly Values[];
}

const expected = JSON.parse(
  readFileSync(path.resolve('test/parity/autodiff/fixtures/gradients.json'), 'utf8'),
) as readonly Expected[];

test('every rule has a case, and every case a definition', () => {
  const operators = Object.keys(CASES).map(name => name.split(/,| of | by /)[0]);
  expect(operators).toEqual(expect.arrayContaining(Object.keys(GRADIENT_RULES)));
  expect(expected.map(({ name }) => name).sort()).toEqual(Object.keys(CASES).sort());
});

/** Relative to the largest gradient of a case: of single precision, and of differences over a finite step. */
const AGAINST_PYTORCH = 1e-5;
const AGAINST_DIFFERENCES = 2e-3;
const STEP = 2e-2;

const largest = { pytorch: 0, differences: 0 };
afterAll(() => {
  const [pytorch, differences] = [largest.pytorch, largest.differences].map(value => value.toExponential(1));
  process.stdout.write(
    `Largest difference of a gradient: ${pytorch} to PyTorch, ${differences} to finite differences\n`,
  );
});

test.each(expected)('the gradient of $name is that of PyTorch and of finite differences', async each => {
  const { run, found, dispose } = await prepared(each, CASES[each.name] as Case);
  const scale = Math.max(...each.gradients.flatMap(({ values }) => values).map(Math.abs));
  const lossWith = async (input: number, element: number, by: number): Promise<number> => {
    const values = (each.inputs[input] as Values).values.with(
      element,
      (each.inputs[input]?.values[element] as number) + by,
    );
    return lossOf(each, (await run({ [`x${input}`]: values }))['output'] as Float32Array);
  };
  const results = await run({});
  const output = results['output'] as Float32Array;
  expect(output.every((value, i) => Math.abs(value - (each.output.values[i] as number)) < 1e-5)).toBe(true);
  for (const [input, gradient] of found.entries()) {
    for (const [element, value] of summed(gradient, results, each.inputs[input] as Values).entries()) {
      const up = await lossWith(input, element, STEP);
      const down = await lossWith(input, element, -STEP);
      const toPytorch = Math.abs(value - (each.gradients[input]?.values[element] as number)) / scale;
      const toDifferences = Math.abs(value - (up - down) / (2 * STEP)) / scale;
      largest.pytorch = Math.max(largest.pytorch, toPytorch);
      largest.differences = Math.max(largest.differences, toDifferences);
      expect(toPytorch).toBeLessThan(AGAINST_PYTORCH);
      expect(toDifferences).toBeLessThan(AGAINST_DIFFERENCES);
    }
  }
  await dispose();
});

/** A gradient by the names of outputs, and the ids of its rows. */
interface Named {
  readonly dense: string | null;
  readonly rows: ReadonlyArray<{ readonly ids: BigInt64Array; readonly rows: string }>;
}

type Changed = Readonly<Record<string, readonly number[]>>;

/** The case in a session, with its gradients as outputs. */
async function prepared(each: Expected, { build, shapes, feeds = {} }: Case) {
  const graph = new Graph();
  const inputs = each.inputs.map(({ shape }, i) => graph.input(`x${i}`, 'float32', shapes?.[i] ?? shape));
  const output = build(...inputs);
  const weighted = multiply(output, graph.input('weights', 'float32', output.shape));
  const axes = weighted.shape.map((_, axis) => axis);
  const outputs = new Map<Tensor, string>();
  const named = (tensor: Tensor): string => {
    const name = outputs.get(tensor) ?? `gradient${outputs.size}`;
    if (!outputs.has(tensor)) graph.output(name, tensor);
    outputs.set(tensor, name);
    return name;
  };
  const name = ({ dense, rows }: Gradient): Named => ({
    dense: dense && named(dense),
    rows: rows.map(({ ids, rows }) => ({ ids: feeds[ids.name]?.data as BigInt64Array, rows: named(rows) })),
  });
  const found = gradients(reshape(reduceSum(weighted, axes), []), inputs).map(name);
  graph.output('output', output);
  arrange(graph);
  const session = await createSession(graph, { weightsFolder: '.', provider: 'cpu', threads: 1 });
  const given: Record<string, Values> = { weights: each.weights };
  for (const [i, input] of each.inputs.entries()) given[`x${i}`] = input;
  const run = (changed: Changed): Promise<Readonly<Record<string, Numbers>>> => {
    const all: Feeds = { ...feeds, ...fed(given, changed) };
    return session.run(Object.fromEntries(graph.inputs.map(({ name }) => [name, all[name] as Feeds[string]])));
  };
  return { run, found, dispose: () => session.dispose() };
}

const fed = (given: Readonly<Record<string, Values>>, changed: Changed): Feeds =>
  Object.fromEntries(
    Object.entries(given).map(([name, { shape, values }]) => [
      name,
      float32(Float32Array.from(changed[name] ?? values), shape),
    ]),
  );

/** In double precision. */
const lossOf = ({ weights }: Expected, output: Float32Array): number =>
  output.reduce((sum, value, i) => sum + value * (weights.values[i] as number), 0);

/** A gradient with its rows added. */
function summed(
  { dense, rows }: Named,
  results: Readonly<Record<string, Numbers>>,
  { values, shape }: Values,
): number[] {
  const sum = dense ? Array.from(results[dense] as Float32Array) : values.map(() => 0);
  const width = shape.at(-1) as number;
  for (const { ids, rows: name } of rows) {
    for (const [i, value] of (results[name] as Float32Array).entries()) {
      const at = Number(ids[Math.floor(i / width)]) * width + (i % width);
      sum[at] = (sum[at] as number) + value;
    }
  }
  return sum;
}

test('an operator without a rule is refused by name', () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [3]);
  const steps = cast(greater(x, graph.scalar(0)), 'float32');
  expect(() => gradients(reshape(reduceSum(steps, [0]), []), [x])).toThrow(GraphError);
  expect(() => gradients(reshape(reduceSum(steps, [0]), []), [x])).toThrow(/^Cast: no gradient rule/);
});

test('a loss that is no scalar is refused with its shape', () => {
  const x = new Graph().input('x', 'float32', [3]);
  expect(() => gradients(multiply(x, x), [x])).toThrow(/\[3\]/);
});

test('what the loss does not depend on has no gradient, and no nodes are made for it', () => {
  const graph = new Graph();
  const [x, y] = [graph.input('x', 'float32', []), graph.input('y', 'float32', [])];
  const loss = multiply(x, x);
  const before = graph.nodes.length;
  expect(gradients(loss, [y])).toEqual([{ dense: null, rows: [] }]);
  expect(graph.nodes.length).toBe(before);
});
