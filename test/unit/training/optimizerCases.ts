import { readFileSync } from 'node:fs';
import type { OptimizerSpec } from '../../../src/training/optimizer/optimizer.ts';

// What PyTorch's optimizers do, as test/unit/training/generate writes it.

export type Tensor = readonly number[] | ReadonlyArray<readonly number[]>;

export interface OptimizerCase {
  readonly spec: OptimizerSpec;
  readonly learningRate: number;
  readonly starts: readonly Tensor[];
  readonly updates: ReadonlyArray<{ gradients: readonly Tensor[]; norm: number; values: readonly Tensor[] }>;
  readonly moments: Readonly<Record<string, Tensor>>;
}

export const CASES = JSON.parse(
  readFileSync('test/unit/training/fixtures/optimizers.json', 'utf8'),
) as readonly OptimizerCase[];

export const shapeOf = (tensor: Tensor): number[] =>
  Array.isArray(tensor[0]) ? [tensor.length, tensor[0].length] : [tensor.length];

/** The Euclidean norm of all gradients as one vector. */
export const norm = (gradients: readonly Tensor[]): number =>
  Math.sqrt(gradients.flatMap(gradient => gradient.flat()).reduce((sum, value) => sum + value * value, 0));
