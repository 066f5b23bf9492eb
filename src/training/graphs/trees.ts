import type { Reading } from './reading.ts';

/**
 * Sequences that go through the model together. Each row is a token that sees itself and what stands before it, so what
 * sequences begin with alike is computed once, and their endings branch off it: the same numbers for less work.
 */
export interface Tree {
  readonly ids: readonly number[];
  /** The row before each row; -1 where a sequence begins. */
  readonly before: readonly number[];
  /** Of each row within its sequences. */
  readonly positions: readonly number[];
  /** The rows that are read, sequence by sequence: all different. */
  readonly read: readonly number[];
}

/** A tree for each sequence. */
export const apart = (readings: readonly Reading[]): Tree[] =>
  readings.map(reading => {
    const tree = new GrowingTree();
    tree.add(reading);
    return tree;
  });

/**
 * Sequences in their order, each in the tree of the one before it where that saves work.
 * @param width of the model
 */
export function together(readings: readonly Reading[], width: number): Tree[] {
  const trees: GrowingTree[] = [];
  for (const reading of readings) {
    const last = trees.at(-1);
    const tree = last && saves(last.sharedWith(reading), last.ids.length, reading.ids.length, width) ? last : undefined;
    if (!tree) trees.push(new GrowingTree());
    (tree ?? (trees.at(-1) as GrowingTree)).add(reading);
  }
  return trees;
}

/** Of attention, beside its multiplications alone: masks, softmax and their gradients go over each pair several times. */
const COST_OF_A_PAIR = 3;

/**
 * Whether a sequence of `length` tokens costs less in a tree of `rows`, of which it shares `shared`. A row takes 12 width²
 * multiplications in a block, and each pair of a query and a key 2 width, also where the mask keeps the two apart.
 */
function saves(shared: number, rows: number, length: number, width: number): boolean {
  const own = length - shared;
  const morePairs = (rows + own) ** 2 - rows ** 2 - length ** 2;
  return shared * 12 * width ** 2 > morePairs * COST_OF_A_PAIR * 2 * width;
}

class GrowingTree implements Tree {
  readonly ids: number[] = [];
  readonly before: number[] = [];
  readonly positions: number[] = [];
  readonly read: number[] = [];
  /** The rows after each row, and those that sequences begin with at the end, by their ids. */
  private readonly next: Array<Map<number, number>> = [];
  private readonly first = new Map<number, number>();

  /** How many rows a sequence would find here. */
  sharedWith({ ids, read }: Reading): number {
    let row = -1;
    let shared = 0;
    // What is read of a sequence is a row of its own, since another may read the same place for another token.
    for (const most = read[0] ?? 0; shared < most; shared++) {
      const next = this.after(row).get(ids[shared] as number);
      if (next === undefined) break;
      row = next;
    }
    return shared;
  }

  add(reading: Reading): void {
    const { ids, read } = reading;
    const shared = this.sharedWith(reading);
    const rows: number[] = [];
    for (let position = 0; position < ids.length; position++) {
      const before = rows.at(-1) ?? -1;
      const id = ids[position] as number;
      const found = position < shared ? this.after(before).get(id) : undefined;
      rows.push(found ?? this.grow(id, before, position));
    }
    for (const position of read) this.read.push(rows[position] as number);
  }

  private grow(id: number, before: number, position: number): number {
    const row = this.ids.push(id) - 1;
    this.before.push(before);
    this.positions.push(position);
    this.next.push(new Map());
    this.after(before).set(id, row);
    return row;
  }

  private after(row: number): Map<number, number> {
    return row === -1 ? this.first : (this.next[row] as Map<number, number>);
  }
}
