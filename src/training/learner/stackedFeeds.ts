import { elementCount } from '../../models/safetensors/dtypes.ts';
import { copyBlock } from '../../onnx/block.ts';
import { knownShape, type Shape, type Sizes } from '../../onnx/dimension.ts';
import type { ElementType, Graph } from '../../onnx/graph.ts';
import type { Feed, Feeds, Numbers } from '../../onnx/session.ts';
import { pack, type PackedSizes } from '../graphs/packing.ts';
import { commonSizes, filledUp } from '../graphs/padding.ts';
import { MICRO_BATCHES, STEPS } from '../graphs/stepsGraph.ts';
import type { Tree } from '../graphs/trees.ts';

/** A micro-batch as its own run would be given it. */
export interface OwnFeeds {
  readonly trees: readonly Tree[];
  readonly feeds: Feeds;
  readonly sizes: PackedSizes & Sizes;
  /** Real ones; those that sequences share count for each. */
  readonly tokens: number;
}

/** What a graph of several steps is given. */
export interface Stacked {
  readonly feeds: Feeds;
  /** Of every step, empty ones among them. */
  readonly microBatches: number;
  /** What symbols stand for in the graph. */
  readonly sizes: Sizes;
  /** What they would stand for in each micro-batch's own run, step by step. */
  readonly own: readonly Sizes[];
}

/**
 * Puts the micro-batches of several steps on top of each other, [steps, microBatches, ..] or [steps, ..], all filled up to
 * one shape: sequences by sequences that weigh nothing, all else by zeros. Steps with fewer micro-batches get empty ones.
 */
export function stacked(graph: Graph, steps: ReadonlyArray<readonly OwnFeeds[]>, heads: number): Stacked {
  const microBatches = Math.max(...steps.map(step => step.length));
  const all = steps.flatMap(step => [...step, ...Array.from({ length: microBatches - step.length }, () => EMPTY)]);
  const common = commonSizes(all.map(({ sizes }) => sizes));
  const filled = all.map(own => withFilling(own, common, heads));
  const inputs = graph.inputs.flatMap(({ name, type, shape }) => {
    const own = ownShape(shape);
    return own && filled.some(feeds => feeds[name]) ? [{ name, type, own, levels: shape.length - own.length }] : [];
  });
  const sizes = { ...largestOf(all), ...common };
  const feeds = inputs.map(({ name, type, own, levels }): [string, Feed] => {
    const shape = knownShape(own, sizes);
    const turns = levels === 1 ? [steps.length] : [steps.length, microBatches];
    const data = piled(
      filled.map(feeds => feeds[name]),
      type,
      shape,
    );
    return [name, { data, shape: [...turns, ...shape] }];
  });
  return { feeds: Object.fromEntries(feeds), microBatches, sizes, own: all.map(({ sizes }) => sizes) };
}

/** A micro-batch that a step does not have. */
const EMPTY: OwnFeeds = { trees: [], feeds: {}, sizes: { B: 0, S: 0, T: 0, N: 0, Q: 0, K: 0 }, tokens: 0 };

/** Its feeds, those of its sequences replaced by what they are when filled up. */
const withFilling = ({ trees, feeds, sizes }: OwnFeeds, common: PackedSizes, heads: number): Feeds => ({
  ...feeds,
  ...pack(filledUp(trees, sizes, common), heads, common).feeds,
});

/** The shape behind the turns that an input stands for; undefined for what is no turn's, or a number of a step. */
function ownShape(shape: Shape): Shape | undefined {
  if (shape[0] !== STEPS) return undefined;
  const own = shape[1] === MICRO_BATCHES ? shape.slice(2) : shape.slice(1);
  return own.length > 0 ? own : undefined;
}

/** The largest size that any micro-batch has for each symbol. */
function largestOf(all: readonly OwnFeeds[]): Sizes {
  const largest: Record<string, number> = {};
  for (const [symbol, size] of all.flatMap(({ sizes }) => Object.entries(sizes)))
    largest[symbol] = Math.max(largest[symbol] ?? 0, size);
  return largest;
}

const ARRAYS: Readonly<Partial<Record<ElementType, new (length: number) => Numbers>>> = {
  float32: Float32Array,
  int64: BigInt64Array,
  int32: Int32Array,
  bool: Uint8Array,
};

/** Arrays of at most this shape, each in a piece of its own, zeros around it. */
function piled(given: ReadonlyArray<Feed | undefined>, type: ElementType, shape: readonly number[]): Numbers {
  const count = elementCount(shape);
  const NumbersOfType = ARRAYS[type] as new (length: number) => Numbers;
  const array = new NumbersOfType(given.length * count);
  for (const [index, feed] of given.entries()) {
    if (!feed) continue;
    const to = { array, at: index * count, sizes: shape };
    copyBlock(feed.shape, { array: feed.data, at: 0, sizes: feed.shape }, to);
  }
  return array;
}
