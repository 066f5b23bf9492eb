import { KeyValueCache } from '../../gpt2/cache.ts';
import type { Gpt2 } from '../../gpt2/model.ts';
import { breathe, extend } from '../../scoring/evaluate.ts';
import type { Sequence } from './encode.ts';
import { type Followed, saidOf } from './followed.ts';
import { commonLength, treeOf } from './tree.ts';
import { nodeOf, readRows, seenRows, type TreeRows, treeRows } from './treeRows.ts';

// Letters in shapes: N rows that are read, D model width.

/** What a model says of a sequence: of its scored tokens, in nats. */
export interface SequenceScore {
  readonly logProbability: number;
  readonly tokens: number;
}

/** What all sequences begin with. */
interface Beginning {
  readonly ids: readonly number[];
  /** [tokens, D] */
  readonly hidden: Float32Array;
  /** Of its tokens, in nats; made when a sequence first scores one of them, as most score what comes after it alone. */
  logProbabilities: readonly number[] | null;
}

/** Scored tokens of a tree that follow one state. */
interface Asked extends Followed {
  readonly tree: TreeRows;
  readonly nodes: readonly number[];
}

/**
 * Scores groups of sequences, such as a prompt with each of its words. What the first groups begin with is evaluated once,
 * and serves all others as far as they begin with it too; what the sequences of a group have in common, once for them; and
 * groups go through the model side by side. No row is padding, and a sequence's last token is never evaluated: nothing is
 * predicted from it.
 */
export class SequenceScorer {
  private readonly model: Gpt2;
  private readonly signal: AbortSignal | undefined;
  private readonly cache: KeyValueCache;
  private beginning: Beginning | undefined;

  constructor(model: Gpt2, signal: AbortSignal | undefined) {
    this.model = model;
    this.signal = signal;
    this.cache = new KeyValueCache(model.config);
  }

  /** The scores of all groups. */
  async scoreAll(groups: ReadonlyArray<readonly Sequence[]>): Promise<SequenceScore[][]> {
    const scores: SequenceScore[][] = [];
    for await (const some of this.score(groups)) scores.push(...some);
    return scores;
  }

  /**
   * The scores of some groups at a time, in their order. Sequences fit into the context. The head is asked about the
   * states of several runs at once, as reading its weights takes the same time for one as for many.
   */
  async *score(groups: ReadonlyArray<readonly Sequence[]>): AsyncGenerator<SequenceScore[][]> {
    if (groups.length === 0) return;
    const beginning = await this.begin(groups);
    let waiting: TreeRows[] = [];
    let asked: Asked[] = [];
    for (const trees of this.sideBySide(groups, beginning.ids)) {
      asked.push(...(await this.read(trees, beginning)));
      waiting.push(...trees);
      if (asked.length < this.model.headPace.rows) continue;
      yield await this.told(waiting, asked, beginning);
      [waiting, asked] = [[], []];
    }
    if (waiting.length > 0) yield await this.told(waiting, asked, beginning);
  }

  private async begin(groups: ReadonlyArray<readonly Sequence[]>): Promise<Beginning> {
    const beginning = (this.beginning ??= await this.readBeginning(groups.flat()));
    const { ids } = beginning;
    const isScored = groups.some(sequences => sequences.some(({ scoredFrom }) => scoredFrom < ids.length));
    if (isScored) beginning.logProbabilities ??= await this.saidOfBeginning(beginning);
    return beginning;
  }

  /** Evaluates what all these sequences begin with. Others may share less of it. */
  private async readBeginning(sequences: readonly Sequence[]): Promise<Beginning> {
    const [first] = sequences as readonly [Sequence];
    const length = Math.min(...sequences.map(({ ids }) => Math.min(commonLength(ids, first.ids), ids.length - 1)));
    const ids = first.ids.slice(0, length);
    const { width } = this.model.config;
    const hidden = new Float32Array(length * width);
    let filled = 0;
    for await (const part of extend(this.model, this.cache, ids, this.signal)) {
      hidden.set(part, filled);
      filled += part.length;
    }
    return { ids, hidden, logProbabilities: null };
  }

  /** Nothing is said of the first token, which has nothing before it. */
  private async saidOfBeginning({ ids, hidden }: Beginning): Promise<readonly number[]> {
    const followed = ids.slice(1).map((id, at) => ({ state: this.stateAt(hidden, at), ids: [id] }));
    return [0, ...(await saidOf(this.model, followed, this.signal)).flat()];
  }

  /** Groups as trees, as many at a time as a run holds. */
  private *sideBySide(
    groups: ReadonlyArray<readonly Sequence[]>,
    known: readonly number[],
  ): Generator<readonly TreeRows[]> {
    let together: TreeRows[] = [];
    let rows = 0;
    for (const sequences of groups) {
      const tree = treeRows(treeOf(sequences, known), sequences);
      if (together.length > 0 && rows + tree.inner.length > this.model.sideBySideRows) {
        yield together;
        [together, rows] = [[], 0];
      }
      together.push(tree);
      rows += tree.inner.length;
    }
    yield together;
  }

  /** The states that scored tokens follow, tree by tree. */
  private async read(trees: readonly TreeRows[], beginning: Beginning): Promise<Asked[]> {
    const hidden = await this.hiddenOf(trees);
    let row = 0;
    return trees.flatMap(rows =>
      [...rows.following].map(([node, nodes]) => ({
        tree: rows,
        nodes,
        ids: nodes.map(number => nodeOf(rows.tree, number).id),
        state: node < 0 ? this.stateAt(beginning.hidden, rows.tree.shared - 1) : this.stateAt(hidden, row++),
      })),
    );
  }

  /** The final hidden states [N, D] of those inner nodes that a scored token follows. The cache is left as it was. */
  private async hiddenOf(trees: readonly TreeRows[]): Promise<Float32Array> {
    const base = this.cache.length;
    const rows = trees.flatMap(({ tree, inner }) => inner.map(number => nodeOf(tree, number)));
    const seen = seenRows(trees, base);
    const read = readRows(trees);
    const hidden = new Float32Array(read.length * this.model.config.width);
    let filled = 0;
    try {
      for (let done = 0; done < rows.length; ) {
        await breathe(this.signal);
        const end = trees.length > 1 ? rows.length : Math.min(rows.length, done + this.model.trunkPace.rows);
        const some = rows.slice(done, end);
        const asked = {
          ids: some.map(({ id }) => id),
          positions: some.map(({ position }) => position),
          attended: { kind: 'chosen', cacheRows: seen.slice(done, end) } as const,
          read: read.filter(row => row >= done && row < end).map(row => row - done),
        };
        const isLast = end === rows.length;
        const part = isLast
          ? await this.model.lastHiddenStates(asked, this.cache)
          : await this.model.hiddenStates(asked, this.cache);
        hidden.set(part, filled);
        filled += part.length;
        done = end;
      }
    } finally {
      this.cache.truncate(base);
    }
    return hidden;
  }

  private async told(
    trees: readonly TreeRows[],
    asked: readonly Asked[],
    beginning: Beginning,
  ): Promise<SequenceScore[][]> {
    const said = await saidOf(this.model, asked, this.signal);
    for (const [at, { tree, nodes }] of asked.entries())
      for (const [place, node] of nodes.entries()) tree.logProbabilities.set(node, said[at]?.[place] as number);
    return trees.map(tree => tree.sequences.map((sequence, at) => scoreOf(sequence, tree, at, beginning)));
  }

  private stateAt(states: Float32Array, row: number): Float32Array {
    const { width } = this.model.config;
    return states.subarray(row * width, (row + 1) * width);
  }
}

function scoreOf(
  { ids, scoredFrom }: Sequence,
  { tree, logProbabilities }: TreeRows,
  at: number,
  beginning: Beginning,
): SequenceScore {
  const path = tree.paths[at] as readonly number[];
  let logProbability = 0;
  for (let token = scoredFrom; token < ids.length; token++) {
    logProbability +=
      token < tree.shared
        ? (beginning.logProbabilities?.[token] as number)
        : (logProbabilities.get(path[token - tree.shared] as number) as number);
  }
  return { logProbability, tokens: ids.length - scoredFrom };
}
