import { expect, test } from 'vitest';
import { draw } from '../../../src/decoding/sampler.ts';
import { leadingSums } from '../../../src/decoding/run/leadingSums.ts';
import { Graph } from '../../../src/onnx/graph.ts';
import { createSession, float64 } from '../../../src/onnx/session.ts';

/** The weights of each row, and its goal → how many leading ones have a sum of at most the goal. */
async function leading(rows: readonly number[][], goals: readonly number[]): Promise<number[]> {
  const columns = rows[0]?.length as number;
  const graph = new Graph();
  const weights = graph.input('weights', 'float64', ['N', columns]);
  graph.output('counts', leadingSums(weights, graph.input('goals', 'float64', ['N', 1])));
  const session = await createSession(graph, { weightsFolder: '.', provider: 'cpu', threads: 1 });
  const { counts } = await session.run({
    weights: float64(Float64Array.from(rows.flat()), [rows.length, columns]),
    goals: float64(Float64Array.from(goals), [goals.length, 1]),
  });
  await session.dispose();
  return Array.from(counts as BigInt64Array, Number);
}

// By hand.
test.each([
  [[5], 0, 0],
  [[5], 4.9, 0],
  [[1, 2, 3, 4], 0, 0],
  [[1, 2, 3, 4], 1, 1],
  [[1, 2, 3, 4], 2.9, 1],
  [[1, 2, 3, 4], 6, 3],
  [[0, 0, 1, 0, 0, 1, 0], 0.5, 2],
  [[0, 0, 1, 0, 0, 1, 0], 1, 5],
  [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 7.5, 7],
])('of %j the first sums of at most %d are %d', async (weights, goal, count) => {
  expect(await leading([weights], [goal])).toEqual([count]);
});

test('a goal that all together do not exceed is as many as there are, at least', async () => {
  const [count] = await leading([[1, 2, 3, 4, 5, 6, 7]], [28]);
  expect(count).toBeGreaterThanOrEqual(7);
});

test('numbers of all sizes are found where the sampler finds them', async () => {
  const random = numbers();
  const columns = 997;
  const scores = Array.from({ length: 40 }, () => Float32Array.from({ length: columns }, () => 30 * random()));
  const uniforms = scores.map(random);
  const weights = scores.map(row => {
    const best = Math.max(...row);
    return Array.from(row, score => Math.exp(score - best));
  });
  const goals = weights.map((row, index) => row.reduce((sum, weight) => sum + weight, 0) * (uniforms[index] as number));
  expect(await leading(weights, goals)).toEqual(scores.map((row, index) => draw(row, () => uniforms[index] as number)));
});

/** From 0 to 1, by a linear congruential generator (Numerical Recipes). */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
