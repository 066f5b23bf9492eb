import type { Numbers } from './session.ts';

/** A part of an array: where it begins, and the sizes of what lies from there on. */
export interface Place<T extends Numbers = Numbers> {
  readonly array: T;
  readonly at: number;
  readonly sizes: readonly number[];
}

/** Copies the first `shape[i]` along each axis i from one place to another of the same element type. */
export function copyBlock(shape: readonly number[], from: Place, to: Place): void {
  if (shape.every((size, axis) => axis === 0 || (size === from.sizes[axis] && size === to.sizes[axis]))) {
    const count = product(shape);
    // Both are arrays of one kind, which the type of `set` cannot say.
    (to.array as Float32Array).set((from.array as Float32Array).subarray(from.at, from.at + count), to.at);
    return;
  }
  const [count, ...rest] = shape as [number, ...number[]];
  const [fromRest, toRest] = [from.sizes.slice(1), to.sizes.slice(1)];
  const [fromStride, toStride] = [product(fromRest), product(toRest)];
  for (let i = 0; i < count; i++) {
    copyBlock(
      rest,
      { array: from.array, at: from.at + i * fromStride, sizes: fromRest },
      { array: to.array, at: to.at + i * toStride, sizes: toRest },
    );
  }
}

const product = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1);
