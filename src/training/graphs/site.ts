import { embeddings, finalNorm, type Surroundings, throughBlocks } from '../../gpt2/architecture.ts';
import { bind } from '../../gpt2/graphs.ts';
import { mapParameters, type Parameters } from '../../gpt2/parameters.ts';
import type { Weight } from '../../gpt2/weights.ts';
import type { Graph, Tensor } from '../../onnx/graph.ts';
import { gather } from '../../onnx/operators/indexing.ts';
import type { TrainingModel } from '../learner/model.ts';
import type { Method, Setting } from '../methods/method.ts';
import { adapted } from './adapters.ts';
import { allSlots, batchedAttention, someSlots } from './attention.ts';
import { Dropout } from './dropout.ts';

// Letters in shapes: S rows (tokens of all sequences), N rows that are read, D width.

/** The input of a graph that begins above the lowest block: the states there. */
export const BORDER = 'border';

export interface SiteOptions {
  /** Of the model's own places; null: nothing is dropped anywhere. */
  readonly dropoutRate: number | null;
  /** Weights that are in the graph already, in place of the model's own. */
  readonly weights?: ReadonlyMap<string, Tensor>;
  /** The number of the first place where values are dropped: not 0 where the graph is a part of the model. */
  readonly firstPlace?: number;
}

/** A graph under construction, with the model's weights in it. */
export class Site {
  readonly graph: Graph;
  readonly tensors: Map<string, Tensor>;
  readonly dropout: Dropout;
  private readonly model: TrainingModel;
  private readonly around: Surroundings;
  private readonly read: Tensor;
  private readonly dropped: (rate: number, x: Tensor) => Tensor;

  constructor(graph: Graph, model: TrainingModel, { dropoutRate, weights, firstPlace = 0 }: SiteOptions) {
    this.graph = graph;
    this.tensors = new Map(weights);
    this.dropout = new Dropout(graph, firstPlace);
    this.model = model;
    this.dropped = (rate, x) => (dropoutRate === null ? x : this.dropout.at(rate, x));
    const { config, adapters, adapterDropout } = model;
    const ownRate = dropoutRate ?? 0;
    this.read = this.graph.input('read', 'int64', ['N']);
    const [all, some] = [allSlots(this.graph, config), someSlots(this.graph, config)];
    const isLast = (layer: number): boolean => layer === config.layers - 1;
    const adapterOf = ({ name }: Tensor) => {
      const adapter = adapters.get(name);
      return adapter && { a: this.weight(adapter.a), b: this.weight(adapter.b), scaling: adapter.scaling };
    };
    this.around = {
      attention: batchedAttention(
        config,
        layer => (isLast(layer) ? some : all),
        probabilities => this.dropped(ownRate, probabilities),
      ),
      project: adapted(adapterOf, x => this.dropped(adapterDropout, x)),
      dropped: x => this.dropped(ownRate, x),
      needed: (layer, x) => (isLast(layer) ? gather(x, this.read) : x),
    };
  }

  /** The states at the border below which nothing trains. */
  below(): Tensor {
    const { config, fromBlock } = this.model;
    const states = this.through(this.entering(0), 0, fromBlock);
    return config.layers === fromBlock ? this.normed(states) : states;
  }

  /** What the method makes of the states that come out of the blocks from number `from` on. */
  ending(method: Pick<Method, 'build'>, setting: Setting, from: number): ReturnType<Method['build']> {
    const { config, head } = this.model;
    const entering = this.entering(from);
    const hidden = from === config.layers ? entering : this.normed(this.through(entering, from, config.layers));
    return method.build({
      hidden,
      head: {
        weight: this.weight(head.weight),
        bias: head.bias === null ? null : this.weight(head.bias),
        hidden: head.hidden && { weight: this.weight(head.hidden.weight), bias: this.weight(head.hidden.bias) },
        value: head.value && { weight: this.weight(head.value.weight), bias: this.weight(head.value.bias) },
      },
      setting,
      dropped: this.dropped,
    });
  }

  /** What enters a block: the embeddings [S, D], or the states that are given there; above all blocks [N, D]. */
  entering(block: number): Tensor {
    const { config } = this.model;
    if (block > 0) return this.graph.input(BORDER, 'float32', [block === config.layers ? 'N' : 'S', config.width]);
    const rows = {
      ids: this.graph.input('ids', 'int64', ['S']),
      positions: this.graph.input('positions', 'int64', ['S']),
    };
    return embeddings(this.parameters(), rows, this.around);
  }

  /** From what enters block `from` to what enters block `to`. */
  through(states: Tensor, from: number, to: number): Tensor {
    return throughBlocks(this.model.config, this.parameters(), states, this.around, from, to);
  }

  private normed(states: Tensor): Tensor {
    return finalNorm(this.model.config, this.parameters(), states);
  }

  private parameters(): Parameters<Tensor> {
    return mapParameters(this.model.config, name => this.weight(name));
  }

  private weight(name: string): Tensor {
    const known = this.tensors.get(name);
    if (known) return known;
    const [outermost] = this.graph.around as readonly [Graph, ...Graph[]];
    const tensor = bind(outermost, this.model.weights.get(name) as Weight);
    this.tensors.set(name, tensor);
    return tensor;
  }
}
