import { gradients } from '../../autodiff/gradients.ts';
import { embeddings, finalNorm, type Surroundings, throughBlocks } from '../../gpt2/architecture.ts';
import { bind } from '../../gpt2/graphs.ts';
import { mapParameters } from '../../gpt2/parameters.ts';
import type { Weight } from '../../gpt2/weights.ts';
import { arrange } from '../../onnx/arrange.ts';
import { Graph, type Tensor } from '../../onnx/graph.ts';
import { multiply } from '../../onnx/operators/elementwise.ts';
import { gather } from '../../onnx/operators/indexing.ts';
import { reshape } from '../../onnx/operators/layout.ts';
import { reduceSum } from '../../onnx/operators/reductions.ts';
import type { TrainingModel } from '../learner/model.ts';
import type { Method, Setting } from '../methods/method.ts';
import { adapted } from './adapters.ts';
import { allSlots, batchedAttention, someSlots } from './attention.ts';
import { Dropout, type DropoutSite } from './dropout.ts';

// Letters in shapes: S rows (tokens of all sequences), N rows that are read, D width, U losses.

/** A graph with what is needed to run it. */
export interface BuiltGraph {
  readonly graph: Graph;
  readonly dropoutSites: readonly DropoutSite[];
  /** Which outputs are gradients of which parameter, by its input's name. */
  readonly gradients: ReadonlyMap<string, GradientOutputs>;
}

/** Names of outputs; rows come with the name of the input that says which rows they are. */
export interface GradientOutputs {
  readonly dense: string | null;
  readonly rows: ReadonlyArray<{ readonly ids: string; readonly rows: string }>;
}

/** ids, positions [S] or, above a border, the states there → losses [U, 1] and what else the method's figures need. */
export function evaluationGraph(
  model: TrainingModel,
  method: Pick<Method, 'build'>,
  setting: Setting,
  border: boolean,
): BuiltGraph {
  const site = new Site(new Graph(), model, null);
  const { losses, outputs } = site.ending(method, setting, border);
  give(site.graph, losses, outputs);
  arrange(site.graph);
  return { graph: site.graph, dropoutSites: [], gradients: new Map() };
}

/** The same with the gradients of Σ weights · losses, weights [U, 1], with dropout. */
export function trainingGraph(model: TrainingModel, method: Method, setting: Setting, border: boolean): BuiltGraph {
  const graph = new Graph();
  const { loss, losses, outputs, tensors, dropoutSites } = trainingLoss(graph, model, method, setting, { border });
  give(graph, losses, outputs);
  const outputsOf = giveGradients(graph, loss, model, tensors);
  arrange(graph);
  return { graph, dropoutSites, gradients: outputsOf };
}

/** What a training graph differentiates, and what it tells of its micro-batch. */
export interface TrainingLoss {
  /** Σ weights · losses: []. */
  readonly loss: Tensor;
  /** [U, 1] */
  readonly losses: Tensor;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly dropoutSites: readonly DropoutSite[];
  /** Every weight in the graph, by its own name. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Adds the loss of a micro-batch to a graph. `weights`: those that are there already, in place of the model's own. */
export function trainingLoss(
  graph: Graph,
  model: TrainingModel,
  method: Method,
  setting: Setting,
  { border, weights = new Map() }: { readonly border: boolean; readonly weights?: ReadonlyMap<string, Tensor> },
): TrainingLoss {
  const site = new Site(graph, model, setting.spec.training.dropout, weights);
  const { losses, outputs } = site.ending(method, setting, border);
  const weighted = multiply(losses, graph.input('weights', 'float32', losses.shape));
  const loss = reshape(reduceSum(weighted, [0, 1]), []);
  return { loss, losses, outputs, dropoutSites: site.dropout.sites, tensors: site.tensors };
}

/** ids, positions [S] → the states [S, D] at the border below which nothing trains; above all blocks, those read, [N, D]. */
export function borderGraph(model: TrainingModel): BuiltGraph {
  const site = new Site(new Graph(), model, null);
  site.graph.output('border', site.below());
  arrange(site.graph);
  return { graph: site.graph, dropoutSites: [], gradients: new Map() };
}

function give(graph: Graph, losses: Tensor, outputs: Readonly<Record<string, Tensor>>): void {
  graph.output('losses', losses);
  for (const [name, tensor] of Object.entries(outputs)) graph.output(name, tensor);
}

function giveGradients(
  graph: Graph,
  loss: Tensor,
  { parameters }: TrainingModel,
  tensors: ReadonlyMap<string, Tensor>,
): Map<string, GradientOutputs> {
  const names = parameters.map(({ input }) => input).filter(name => tensors.has(name));
  const found = gradients(
    loss,
    names.map(name => tensors.get(name) as Tensor),
  );
  const given = new Map<Tensor, string>();
  const named = (tensor: Tensor): string => {
    const known = given.get(tensor);
    if (known) return known;
    const name = `gradient.${given.size}`;
    given.set(tensor, name);
    graph.output(name, tensor);
    return name;
  };
  return new Map(
    found.map(({ dense, rows }, index) => [
      names[index] as string,
      {
        dense: dense && named(dense),
        rows: rows.map(each => ({ ids: each.ids.name, rows: named(each.rows) })),
      },
    ]),
  );
}

/** A graph under construction, with the model's weights in it. */
class Site {
  readonly graph: Graph;
  readonly tensors: Map<string, Tensor>;
  readonly dropout: Dropout;
  private readonly model: TrainingModel;
  private readonly around: Surroundings;
  private readonly read: Tensor;
  private readonly dropped: (rate: number, x: Tensor) => Tensor;

  /** `dropoutRate`: of the model's own places; null: nothing is dropped anywhere. */
  constructor(
    graph: Graph,
    model: TrainingModel,
    dropoutRate: number | null,
    weights: ReadonlyMap<string, Tensor> = new Map(),
  ) {
    this.graph = graph;
    this.tensors = new Map(weights);
    this.dropout = new Dropout(graph);
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

  /** The states at the border. */
  below(): Tensor {
    const { config, fromBlock } = this.model;
    return this.through(0, fromBlock, config.layers === fromBlock);
  }

  ending(method: Pick<Method, 'build'>, setting: Setting, border: boolean): ReturnType<Method['build']> {
    const { config, fromBlock, head } = this.model;
    const hidden = this.through(border ? fromBlock : 0, config.layers, true);
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

  /** From the embeddings, or from states given at block `from`, up to block `to`, and through the final norm or not. */
  private through(from: number, to: number, withNorm: boolean): Tensor {
    const { config } = this.model;
    if (from === config.layers) return this.graph.input('border', 'float32', ['N', config.width]);
    const parameters = mapParameters(config, name => this.weight(name));
    const states =
      from > 0
        ? this.graph.input('border', 'float32', ['S', config.width])
        : embeddings(
            parameters,
            {
              ids: this.graph.input('ids', 'int64', ['S']),
              positions: this.graph.input('positions', 'int64', ['S']),
            },
            this.around,
          );
    const x = throughBlocks(config, parameters, states, this.around, from, to);
    return withNorm ? finalNorm(config, parameters, x) : x;
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
