import { KeyValueCache } from '../../gpt2/cache.ts';
import type { Gpt2 } from '../../gpt2/model.ts';
import { breathe, extend } from '../../scoring/evaluate.ts';
import type { Sequence } from './encode.ts';
import { commonLength, innerNodes, type TokenTree, treeOf } from './tree.ts';

/** What a model says of a sequence: of its scored tokens, in nats. */
export interface SequenceScore {
  readonly logProbability: number;
  readonly tokens: number;
}

/** A place from which a token's probability is read: a row of the run, or of the shared beginning. */
interface Query {
  readonly from: Float32Array;
  readonly id: number;
  readonly tree: TreeRows;
  readonly node: number;
}

/** A tree with the rows that its inner nodes have in a run. */
interface TreeRows {
  readonly index: number;
  readonly tree: TokenTree;
  readonly sequences: readonly Sequence[];
  readonly inner: readonly number[];
  /** The probabilities that were asked for, in nats, by node. */
  readonly logProbabilities: Map<number, number>;
}

/** What all sequences begin with. */
interface Beginning {
  readonly ids: readonly number[];
  readonly hidden: Float32Array;
  /** Of its tokens, in nats; made when a sequence first scores one of them, as most score what comes after it alone. */
  logProbabilities: Float64Array | null;
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

  /** The scores of some groups at a time, in their order. Sequences fit into the context. */
  async *score(groups: ReadonlyArray<readonly Sequence[]>): AsyncGenerator<SequenceScore[][]> {
    if (groups.length === 0) return;
    this.beginning ??= await this.readBeginning(groups.flat());
    const { ids } = this.beginning;
    const isScored = groups.some(sequences => sequences.some(({ scoredFrom }) => scoredFrom < ids.length));
    if (isScored) this.beginning.logProbabilities ??= await this.saidOfBeginning(this.beginning);
    let together: TreeRows[] = [];
    let rows = 0;
    for (const [index, sequences] of groups.entries()) {
      const tree = treeOf(sequences, ids);
      const inner = innerNodes(tree);
      if (together.length > 0 && rows + inner.length > this.model.trunkPace.rows) {
        yield await this.scoreTogether(together);
        [together, rows] = [[], 0];
      }
      together.push({ index, tree, sequences, inner, logProbabilities: new Map() });
      rows += inner.length;
    }
    yield await this.scoreTogether(together);
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
  private async saidOfBeginning({ ids, hidden }: Beginning): Promise<Float64Array> {
    const told = await this.said(hidden.subarray(0, (ids.length - 1) * this.model.config.width), ids.slice(1));
    return Float64Array.of(0, ...told);
  }

  private async scoreTogether(trees: readonly TreeRows[]): Promise<SequenceScore[][]> {
    const hidden = await this.hiddenOf(trees);
    const queries = this.queriesOf(trees, hidden);
    const { width } = this.model.config;
    const from = new Float32Array(queries.length * width);
    for (const [at, query] of queries.entries()) from.set(query.from, at * width);
    const said = await this.said(
      from,
      queries.map(({ id }) => id),
    );
    for (const [at, { tree, node }] of queries.entries()) tree.logProbabilities.set(node, said[at] as number);
    return trees.map(tree => tree.sequences.map((sequence, at) => this.scoreOf(sequence, tree, at)));
  }

  /** The final hidden states of all inner nodes, tree by tree: [S, D]. The cache is left as it was. */
  private async hiddenOf(trees: readonly TreeRows[]): Promise<Float32Array> {
    const base = this.cache.length;
    const { width } = this.model.config;
    const rows = trees.flatMap(({ tree, inner }) =>
      inner.map(number => tree.nodes[number] as TokenTree['nodes'][number]),
    );
    const seen = seenRows(trees, base);
    const hidden = new Float32Array(rows.length * width);
    try {
      for (let done = 0; done < rows.length; ) {
        await breathe(this.signal);
        const count = trees.length > 1 ? rows.length : this.model.trunkPace.rows;
        const some = rows.slice(done, done + count);
        const asked = {
          ids: some.map(({ id }) => id),
          positions: some.map(({ position }) => position),
          attended: { kind: 'chosen', cacheRows: seen.slice(done, done + count) } as const,
        };
        const isLast = done + some.length === rows.length;
        const part = isLast
          ? await this.model.lastHiddenStates(asked, this.cache)
          : await this.model.hiddenStates(asked, this.cache);
        hidden.set(part, done * width);
        done += some.length;
      }
    } finally {
      this.cache.truncate(base);
    }
    return hidden;
  }

  /** A query for each node that is a scored token. */
  private queriesOf(trees: readonly TreeRows[], hidden: Float32Array): Query[] {
    const { width } = this.model.config;
    const stateAt = (states: Float32Array, row: number): Float32Array =>
      states.subarray(row * width, (row + 1) * width);
    let first = 0;
    return trees.flatMap(rows => {
      const { tree, sequences, inner } = rows;
      const places = new Map(inner.map((node, place) => [node, first + place]));
      first += inner.length;
      const scored = new Set(
        sequences.flatMap(({ scoredFrom }, at) =>
          (tree.paths[at] as readonly number[]).slice(Math.max(0, scoredFrom - tree.shared)),
        ),
      );
      return [...scored].map(node => {
        const { id, parent } = tree.nodes[node] as TokenTree['nodes'][number];
        const from =
          parent < 0
            ? stateAt(this.beginning?.hidden as Float32Array, tree.shared - 1)
            : stateAt(hidden, places.get(parent) as number);
        return { from, id, tree: rows, node };
      });
    });
  }

  /** hidden [N, D] → the log-probability of the token that follows each. */
  private async said(hidden: Float32Array, ids: readonly number[]): Promise<Float64Array> {
    const { width } = this.model.config;
    const told = new Float64Array(ids.length);
    for (let done = 0; done < ids.length; ) {
      await breathe(this.signal);
      const some = ids.slice(done, done + this.model.headPace.rows);
      const part = hidden.subarray(done * width, (done + some.length) * width);
      told.set((await this.model.statistics(part, some, 1)).logProbabilities, done);
      done += some.length;
    }
    return told;
  }

  private scoreOf({ ids, scoredFrom }: Sequence, { tree, logProbabilities }: TreeRows, at: number): SequenceScore {
    const path = tree.paths[at] as readonly number[];
    let logProbability = 0;
    for (let token = scoredFrom; token < ids.length; token++) {
      logProbability +=
        token < tree.shared
          ? (this.beginning?.logProbabilities?.[token] as number)
          : (logProbabilities.get(path[token - tree.shared] as number) as number);
    }
    return { logProbability, tokens: ids.length - scoredFrom };
  }
}

/** The rows that each row of the run sees beside itself: the shared beginning, and those before it in its tree. */
function seenRows(trees: readonly TreeRows[], base: number): number[][] {
  const seen: number[][] = [];
  for (const { tree, inner } of trees) {
    const first = seen.length;
    const places = new Map(inner.map((node, place) => [node, first + place]));
    const beginning = Array.from({ length: tree.shared }, (_, row) => row);
    for (const node of inner) {
      const { parent } = tree.nodes[node] as TokenTree['nodes'][number];
      const before = places.get(parent);
      seen.push(before === undefined ? beginning : [...(seen[before] as number[]), base + before]);
    }
  }
  return seen;
}
