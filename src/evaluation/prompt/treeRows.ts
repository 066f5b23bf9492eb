import type { Sequence } from './encode.ts';
import { innerNodes, type Node, type TokenTree } from './tree.ts';

/** A tree of sequences with what is asked of it. */
export interface TreeRows {
  readonly tree: TokenTree;
  readonly sequences: readonly Sequence[];
  /** The nodes that are rows of a run, rising. */
  readonly inner: readonly number[];
  /** The scored nodes by the node that they follow, rising; those of -1 follow what the tree shares with others. */
  readonly following: ReadonlyMap<number, readonly number[]>;
  /** The probabilities of the scored nodes, in nats, as they are found. */
  readonly logProbabilities: Map<number, number>;
}

export function treeRows(tree: TokenTree, sequences: readonly Sequence[]): TreeRows {
  const scored = new Set(
    sequences.flatMap(({ scoredFrom }, at) =>
      (tree.paths[at] as readonly number[]).slice(Math.max(0, scoredFrom - tree.shared)),
    ),
  );
  const following = new Map<number, number[]>();
  for (const node of scored) {
    const { parent } = nodeOf(tree, node);
    following.set(parent, [...(following.get(parent) ?? []), node]);
  }
  return {
    tree,
    sequences,
    inner: innerNodes(tree),
    following: new Map([...following].sort(([a], [b]) => a - b)),
    logProbabilities: new Map(),
  };
}

export const nodeOf = ({ nodes }: TokenTree, number: number): Node => nodes[number] as Node;

/** The rows that each row of a run sees beside itself: the shared beginning, and those before it in its tree. */
export function seenRows(trees: readonly TreeRows[], base: number): number[][] {
  const seen: number[][] = [];
  for (const { tree, inner } of trees) {
    const first = seen.length;
    const places = new Map(inner.map((node, place) => [node, first + place]));
    const beginning = Array.from({ length: tree.shared }, (_, row) => row);
    for (const node of inner) {
      const before = places.get(nodeOf(tree, node).parent);
      seen.push(before === undefined ? beginning : [...(seen[before] as number[]), base + before]);
    }
  }
  return seen;
}

/** The rows of a run that a scored token follows, rising. */
export function readRows(trees: readonly TreeRows[]): number[] {
  let first = 0;
  return trees.flatMap(({ inner, following }) => {
    const rows = [...inner.keys()].filter(place => following.has(inner[place] as number)).map(place => first + place);
    first += inner.length;
    return rows;
  });
}
