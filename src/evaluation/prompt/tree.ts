import type { Sequence } from './encode.ts';

/** A token of one or more sequences that agree up to it. */
export interface Node {
  readonly id: number;
  /** Number of the node before it in the tree; -1: what the sequences have in common with others is before it. */
  readonly parent: number;
  /** In the sequence, from 0. */
  readonly position: number;
}

/** Sequences as a tree: what they have in common stands there once. A node comes after its parent. */
export interface TokenTree {
  /** Tokens at the beginning that all share with what was evaluated before. */
  readonly shared: number;
  readonly nodes: readonly Node[];
  /** The nodes of each sequence from `shared` on. */
  readonly paths: ReadonlyArray<readonly number[]>;
}

/** The tree of the sequences beyond what all of them share with `known`; each has at least one token of its own. */
export function treeOf(sequences: readonly Sequence[], known: readonly number[]): TokenTree {
  const shared = Math.min(...sequences.map(({ ids }) => Math.min(commonLength(ids, known), ids.length - 1)));
  const nodes: Node[] = [];
  const children = new Map<string, number>();
  const paths = sequences.map(({ ids }) => {
    let parent = -1;
    return ids.slice(shared).map((id, at) => {
      const key = `${parent} ${id}`;
      const number = children.get(key) ?? nodes.push({ id, parent, position: shared + at }) - 1;
      children.set(key, number);
      parent = number;
      return number;
    });
  });
  return { shared, nodes, paths };
}

/** Nodes that something follows: only these have to be evaluated. Rising. */
export const innerNodes = ({ nodes }: TokenTree): number[] =>
  [...new Set(nodes.map(({ parent }) => parent))].filter(node => node >= 0).sort((a, b) => a - b);

/** How many tokens both begin with. */
export function commonLength(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return at;
  return length;
}
