import { gradients, whole } from '../../autodiff/gradients.ts';
import { arrange } from '../../onnx/arrange.ts';
import type { Shape } from '../../onnx/dimension.ts';
import { Graph, type Tensor } from '../../onnx/graph.ts';
import { computeProductsIn, PRODUCT_TYPES } from '../../onnx/halfProducts.ts';
import { loop, type Turn, type TurnResult } from '../../onnx/operators/control.ts';
import {
  add,
  cast,
  divide,
  less,
  minimum,
  multiply,
  not,
  scale as multiplyBy,
  sqrt,
  subtract,
} from '../../onnx/operators/elementwise.ts';
import { gather } from '../../onnx/operators/indexing.ts';
import { filled, reshape } from '../../onnx/operators/layout.ts';
import { reduceSum, reduceSumSquare } from '../../onnx/operators/reductions.ts';
import type { TrainingModel } from '../learner/model.ts';
import type { Method, Setting } from '../methods/method.ts';
import { decayOf } from '../optimizer/optimizer.ts';
import type { DropoutSite } from './dropout.ts';
import { lowestBlock, trainingLoss } from './modelGraph.ts';
import { GRAPH_OPTIMIZERS } from './optimizers.ts';

/** The sizes that stand before all others in the shapes of what differs by step and by micro-batch. */
export const STEPS = 'steps';
export const MICRO_BATCHES = 'microBatches';

/**
 * A graph that takes steps: what trains and what the optimizer remembers goes in, passes from step to step, and comes out
 * at the end, so that on a device of its own memory it stays there in between.
 */
export interface StepsGraph {
  readonly graph: Graph;
  readonly dropoutSites: readonly DropoutSite[];
  /** What a micro-batch tells: the output's name, and its shape behind [steps, microBatches] or, of one each, [steps]. */
  readonly told: ReadonlyArray<{ readonly name: string; readonly shape: Shape }>;
  /** Whether gradients are scaled, so that float16 holds them: by the state `LOSS_SCALE`. */
  readonly scales: boolean;
}

/** What losses are multiplied by, []; and what this is multiplied by after a step: inputs where gradients are scaled. */
export const LOSS_SCALE = 'lossScale';
export const SCALE_GROWTH = 'scaleGrowth';

/** The output of what a state is in the end, by its input's name: parameters, and the optimizer's memory. */
export const nextOf = (state: string): string => `next.${state}`;

/** What a graph is built of; and what its micro-batch, which is built innermost, leaves to be named outside. */
interface Building {
  readonly model: TrainingModel;
  readonly method: Method;
  readonly setting: Setting;
  readonly border: boolean;
  dropoutSites: readonly DropoutSite[];
  told: StepsGraph['told'];
}

/** Steps of `accumulation` micro-batches each, clipped, with the optimizer of the run's request. */
export function stepsGraph(model: TrainingModel, method: Method, setting: Setting, border: boolean): StepsGraph {
  const graph = new Graph();
  const { training } = setting.spec;
  const building: Building = { model, method, setting, border, dropoutSites: [], told: [] };
  const kinds = GRAPH_OPTIMIZERS[training.optimizer].memory(training);
  const scales = setting.spec.precision === 'f16';
  const states = [
    ...(scales ? [graph.input(LOSS_SCALE, 'float32', [])] : []),
    ...model.parameters.map(({ input, shape }) => graph.input(input, 'float32', shape)),
    ...model.parameters.flatMap(({ name, shape }) =>
      kinds.map(kind => graph.input(`${kind}.${name}`, 'float32', shape)),
    ),
  ];
  const turns = { count: graph.input('stepCount', 'int64', []), size: STEPS };
  const results = loop(graph, turns, states, turn => step(turn, building));
  for (const [index, { name }] of states.entries()) graph.output(nextOf(name), results.states[index] as Tensor);
  const { told, dropoutSites } = building;
  for (const [index, tensor] of results.collected.entries())
    graph.output(['gradientNorm', ...told.map(({ name }) => name)][index] as string, tensor);
  arrange(graph);
  return { graph, dropoutSites, told, scales };
}

function step({ graph, states }: Turn, building: Building): TurnResult {
  const { model, setting } = building;
  const { training, precision } = setting.spec;
  const { parameters } = model;
  const optimizer = GRAPH_OPTIMIZERS[training.optimizer];
  const kinds = optimizer.memory(training).length;
  const scale = precision === 'f16' ? states.slice(0, 1) : [];
  const values = states.slice(scale.length, scale.length + parameters.length);
  const memory = states.slice(scale.length + parameters.length);
  const found = scale[0] ? scaled(graph, values, scale[0], building) : accumulated(graph, values, building, null);
  const norm = normOf(found.gradients);
  const largest = training.maxGradientNorm;
  const factor = largest === null ? null : clipFactor(norm, largest);
  const numbers = Object.fromEntries(
    Object.keys(optimizer.numbers(training, 1, 0)).map(name => [name, graph.input(name, 'float32', [])]),
  );
  const next = parameters.map((parameter, index) => {
    const gradient = found.gradients[index] as Tensor;
    return optimizer.advance(training, {
      values: values[index] as Tensor,
      gradient: factor ? multiply(gradient, factor) : gradient,
      memory: memory.slice(index * kinds, (index + 1) * kinds),
      decay: decayOf(parameter, training),
      numbers,
    });
  });
  return {
    states: [...found.scale, ...next.map(({ values }) => values), ...next.flatMap(({ memory }) => memory)],
    collected: [norm, ...found.told],
  };
}

interface Found {
  readonly gradients: readonly Tensor[];
  readonly told: readonly Tensor[];
  /** What gradients are scaled by in the next step, where they are. */
  readonly scale: readonly Tensor[];
}

/** From 2 to the 16th down to less than 1, of which no smaller one would help. */
const MOST_ATTEMPTS = 18;

/**
 * The gradients of a step whose products are in float16, of which small numbers would become 0 and large ones infinite:
 * losses are scaled, and where a gradient is then infinite half the scale is tried, so that no step is left out.
 */
function scaled(graph: Graph, values: readonly Tensor[], scale: Tensor, building: Building): Found {
  const attempts = { count: graph.integers([MOST_ATTEMPTS], []), size: 'attempts', sameInputs: true };
  const zeros = values.map(({ shape }) => filled(graph, shape, 0));
  const { states, collected } = loop(graph, attempts, [scale, ...zeros], ({ graph: attempt, states: [present] }) => {
    const found = accumulated(attempt, values, building, present as Tensor);
    const overflows = not(less(normOf(found.gradients), attempt.scalar(LARGEST)));
    const kept = subtract(attempt.scalar(1), multiplyBy(cast(overflows, 'float32'), 0.5));
    return {
      states: [multiply(present as Tensor, kept), ...found.gradients],
      collected: found.told,
      goesOn: overflows,
    };
  });
  const [last, ...gradients] = states as [Tensor, ...Tensor[]];
  const first = graph.integers([0], []); // what is told does not depend on the scale
  return {
    gradients,
    told: collected.map(each => gather(each, first)),
    scale: [multiply(last, graph.input(SCALE_GROWTH, 'float32', []))],
  };
}

/** The largest finite number of float32: no number is less than it that is infinite, or none. */
const LARGEST = 3.4028234663852886e38;

/** The gradients of a step, summed over its micro-batches, which run one after another. */
function accumulated(graph: Graph, values: readonly Tensor[], building: Building, scale: Tensor | null): Found {
  if (building.setting.spec.training.accumulation === 1) return microBatch(graph, values, building, scale);
  const [outermost] = graph.around as readonly [Graph];
  const turns = { count: outermost.input('microBatchCount', 'int64', []), size: MICRO_BATCHES };
  const zeros = values.map(({ shape }) => filled(graph, shape, 0));
  const { states, collected } = loop(graph, turns, zeros, turn => {
    const found = microBatch(turn.graph, values, building, scale);
    const sums = found.gradients.map((gradient, index) => add(turn.states[index] as Tensor, gradient));
    return { states: sums, collected: found.told };
  });
  return { gradients: states, told: collected, scale: [] };
}

function microBatch(graph: Graph, values: readonly Tensor[], building: Building, scale: Tensor | null): Found {
  const { model, method, setting, border } = building;
  const weights = new Map(model.parameters.map(({ input }, index) => [input, values[index] as Tensor]));
  const { loss, losses, outputs, dropoutSites } = trainingLoss(graph, model, method, setting, {
    from: lowestBlock(model, border),
    weights,
  });
  const told = Object.entries({ losses, ...outputs });
  building.dropoutSites = dropoutSites;
  building.told = told.map(([name, { shape }]) => ({ name, shape }));
  const found = gradients(scale ? multiply(loss, scale) : loss, values).map((gradient, index) =>
    whole(gradient, values[index] as Tensor, graph),
  );
  const narrow = PRODUCT_TYPES[setting.spec.precision];
  if (narrow) computeProductsIn(narrow, graph);
  const unscaled = scale ? found.map(gradient => divide(gradient, scale)) : found;
  return { gradients: unscaled, told: told.map(([, tensor]) => tensor), scale: [] };
}

/** The Euclidean norm of all gradients as one vector: []. Rows are summed apart: float32 loses less of short sums. */
function normOf(gradients: readonly Tensor[]): Tensor {
  const squares = gradients.map(gradient => {
    const axes = [...gradient.shape.keys()];
    return reshape(reduceSum(reduceSumSquare(gradient, axes.slice(-1)), axes), []);
  });
  return sqrt(squares.reduce(add));
}

/** What gradients are multiplied by so that their norm is at most `largest` (../optimizer/clipping.ts). */
function clipFactor(norm: Tensor, largest: number): Tensor {
  const scalar = (value: number): Tensor => norm.graph.scalar(value);
  return minimum(scalar(1), divide(scalar(largest), add(norm, scalar(1e-6))));
}
