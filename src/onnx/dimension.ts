/**
 * A size along one axis: known, or a symbol that is bound when the graph runs (`S`), or a sum of both kinds (`P + S`).
 * Two symbols are equal when their names are; a symbol is never assumed to equal a number.
 */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

export const formatShape = (shape: Shape): string => `[${shape.join(', ')}]`;

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, i) => size === b[i]);

/** What symbols stand for when a graph runs. */
export type Sizes = Readonly<Record<string, number>>;

/** A shape in numbers. */
export const knownShape = (shape: Shape, sizes: Sizes): number[] =>
  shape.map(size => (typeof size === 'number' ? size : (sizes[size] as number)));

/** The size along `axis`, which may count from the end (-1 is the last). */
export function sizeAt(shape: Shape, axis: number): Dimension {
  const size = shape.at(axis);
  if (size === undefined) throw new RangeError(`axis ${axis} of a tensor of shape ${formatShape(shape)}`);
  return size;
}

/** `a + b`, in a form in which equal sums are equal strings. */
export function sumDimensions(a: Dimension, b: Dimension): Dimension {
  const terms = `${a} + ${b}`.split(' + ');
  const known = terms.map(Number).filter(Number.isInteger);
  const symbols = terms.filter(term => !Number.isInteger(Number(term))).sort();
  const total = known.reduce((sum, size) => sum + size, 0);
  if (symbols.length === 0) return total;
  return [...symbols, ...(total === 0 ? [] : [total])].join(' + ');
}

/** `a · b`, in a form in which equal products are equal strings: `12 * S`. */
export function multiplyDimensions(a: Dimension, b: Dimension): Dimension {
  const { known, symbols } = factors([a, b]);
  if (symbols.length === 0) return known;
  return [...(known === 1 ? [] : [known]), ...symbols].join(' * ');
}

function factors(shape: Shape): { readonly known: number; readonly symbols: readonly string[] } {
  const terms = shape.flatMap(size => String(size).split(' * '));
  const known = terms.map(Number).filter(Number.isInteger);
  return {
    known: known.reduce((product, size) => product * size, 1),
    symbols: terms.filter(term => !Number.isInteger(Number(term))).sort(),
  };
}

/** The shape of an elementwise result by ONNX's (NumPy's) rule, or null where the two do not go together. */
export function broadcastShapes(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length);
  const result: Dimension[] = [];
  for (let i = 0; i < rank; i++) {
    const left = a[a.length - rank + i] ?? 1;
    const right = b[b.length - rank + i] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return null;
    result.push(left === 1 ? right : left);
  }
  return result;
}

/** Whether both shapes hold the same number of elements: equal products of the known sizes and the same symbols. */
export function sameElements(a: Shape, b: Shape): boolean {
  const [left, right] = [factors(a), factors(b)];
  return left.known === right.known && left.symbols.join(' * ') === right.symbols.join(' * ');
}
