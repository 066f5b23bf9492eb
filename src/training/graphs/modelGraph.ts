import { type Gradient, gradients, whole } from '../../autodiff/gradients.ts';
import { arrange } from '../../onnx/arrange.ts';
import { Graph, type Tensor } from '../../onnx/graph.ts';
import { multiply } from '../../onnx/operators/elementwise.ts';
import { reshape } from '../../onnx/operators/layout.ts';
import { reduceSum } from '../../onnx/operators/reductions.ts';
import type { TrainingModel } from '../learner/model.ts';
import type { Method, Setting } from '../methods/method.ts';
import type { DropoutSite } from './dropout.ts';
import { BORDER, Site } from './site.ts';

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
  const site = new Site(new Graph(), model, { dropoutRate: null });
  const { losses, outputs } = site.ending(method, setting, lowestBlock(model, border));
  give(site.graph, losses, outputs);
  arrange(site.graph);
  return { graph: site.graph, dropoutSites: [], gradients: new Map() };
}

/** The same with the gradients of Σ weights · losses, weights [U, 1], with dropout. */
export const trainingGraph = (model: TrainingModel, method: Method, setting: Setting, border: boolean): BuiltGraph =>
  endingGraph(model, method, setting, { from: lowestBlock(model, border) });

/** The block that a graph begins at: where `border` is said, the lowest that trains. */
export const lowestBlock = ({ fromBlock }: TrainingModel, border: boolean): number => (border ? fromBlock : 0);

/** Where in the model a graph with its loss begins. */
export interface EndingOptions {
  /** The block whose states are given as `border`; 0: it begins with the embeddings. */
  readonly from: number;
  /** The number of its first place where values are dropped; absent: 0. */
  readonly firstPlace?: number;
  /** Weights that are in the graph already, in place of the model's own. */
  readonly weights?: ReadonlyMap<string, Tensor>;
}

/** The model from a block on, with its loss and the gradients. `backTo`: the output that the gradient of the border is. */
export function endingGraph(
  model: TrainingModel,
  method: Method,
  setting: Setting,
  { backTo, ...options }: EndingOptions & { readonly backTo?: string },
): BuiltGraph {
  const graph = new Graph();
  const { loss, losses, outputs, tensors, dropoutSites } = trainingLoss(graph, model, method, setting, options);
  give(graph, losses, outputs);
  const outputsOf = giveGradients(graph, loss, model, tensors, backTo);
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

/** Adds the loss of a micro-batch to a graph. */
export function trainingLoss(
  graph: Graph,
  model: TrainingModel,
  method: Method,
  setting: Setting,
  { from, ...options }: EndingOptions,
): TrainingLoss {
  const site = new Site(graph, model, { dropoutRate: setting.spec.training.dropout, ...options });
  const { losses, outputs } = site.ending(method, setting, from);
  const weighted = multiply(losses, graph.input('weights', 'float32', losses.shape));
  const loss = reshape(reduceSum(weighted, [0, 1]), []);
  return { loss, losses, outputs, dropoutSites: site.dropout.sites, tensors: site.tensors };
}

/** ids, positions [S] → the states [S, D] at the border below which nothing trains; above all blocks, those read, [N, D]. */
export function borderGraph(model: TrainingModel): BuiltGraph {
  const site = new Site(new Graph(), model, { dropoutRate: null });
  site.graph.output(BORDER, site.below());
  arrange(site.graph);
  return { graph: site.graph, dropoutSites: [], gradients: new Map() };
}

function give(graph: Graph, losses: Tensor, outputs: Readonly<Record<string, Tensor>>): void {
  graph.output('losses', losses);
  for (const [name, tensor] of Object.entries(outputs)) graph.output(name, tensor);
}

/** Gives the gradients of all parameters in the graph. `backTo`: the output that the gradient of the border is. */
export function giveGradients(
  graph: Graph,
  loss: Tensor,
  { parameters }: TrainingModel,
  tensors: ReadonlyMap<string, Tensor>,
  backTo?: string,
): Map<string, GradientOutputs> {
  const names = parameters.map(({ input }) => input).filter(name => tensors.has(name));
  const border = backTo === undefined ? undefined : graph.inputs.find(({ name }) => name === BORDER);
  const wanted = names.map(name => tensors.get(name) as Tensor);
  const found = gradients(loss, border ? [...wanted, border] : wanted);
  const given = new Map<Tensor, string>();
  const named = (tensor: Tensor): string => {
    const known = given.get(tensor);
    if (known) return known;
    const name = `gradient.${given.size}`;
    given.set(tensor, name);
    graph.output(name, tensor);
    return name;
  };
  const outputs = new Map(
    names.map((name, index) => {
      const { dense, rows } = found[index] as Gradient;
      return [
        name,
        {
          dense: dense && named(dense),
          rows: rows.map(each => ({ ids: each.ids.name, rows: named(each.rows) })),
        },
      ];
    }),
  );
  if (border && backTo !== undefined) graph.output(backTo, whole(found.at(-1) as Gradient, border, graph));
  return outputs;
}
