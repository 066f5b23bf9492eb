import { type ElementType, Graph, type Tensor } from '../../../src/onnx/graph.ts';
import type { Shape } from '../../../src/onnx/dimension.ts';
import { createSession, type Feed, float32, int64 } from '../../../src/onnx/session.ts';

/** A new input of a new graph, for tests of what an operator infers or refuses. */
export const input = (shape: Shape, type: ElementType = 'float32', graph = new Graph()): Tensor =>
  graph.input(`x${graph.inputs.length}`, type, shape);

/** Inputs of one graph, float32 unless a type stands before the shape. */
export function inputs(...shapes: ReadonlyArray<Shape | readonly [type: ElementType, shape: Shape]>): Tensor[] {
  const graph = new Graph();
  return shapes.map(given => {
    const [type, shape] = Array.isArray(given[1])
      ? (given as [ElementType, Shape])
      : ['float32' as const, given as Shape];
    return input(shape, type, graph);
  });
}

/** Runs what `build` makes of the feeds in a session on the CPU; its results are called r0, r1, … */
export async function compute(
  feeds: readonly Feed[],
  build: (...tensors: Tensor[]) => readonly Tensor[],
  shapes: readonly Shape[] = feeds.map(({ shape }) => shape),
): Promise<number[][]> {
  const graph = new Graph();
  const given = feeds.map(({ data }, index) =>
    graph.input(`x${index}`, data instanceof Float32Array ? 'float32' : 'int64', shapes[index] as Shape),
  );
  const results = build(...given);
  for (const [index, result] of results.entries()) graph.output(`r${index}`, result);
  const session = await createSession(graph, { weightsFolder: '.', provider: 'cpu', threads: 1 });
  try {
    const numbers = await session.run(Object.fromEntries(feeds.map((feed, index) => [`x${index}`, feed])));
    return results.map((_, index) => Array.from(numbers[`r${index}`] as ArrayLike<number>, Number));
  } finally {
    await session.dispose();
  }
}

/** Numbers of the given shape. */
export const floats = (shape: readonly number[], ...values: readonly number[]): Feed =>
  float32(Float32Array.from(values), shape);
export const whole = (shape: readonly number[], ...values: readonly number[]): Feed => int64(values, shape);
