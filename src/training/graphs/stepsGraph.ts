import { gradients } from '../../autodiff/gradients.ts';
import { arrange } from '../../onnx/arrange.ts';
import type { Shape } from '../../onnx/dimension.ts';
import { Graph, type Tensor } from '../../onnx/graph.ts';
import { loop, type Turn, type TurnResult } from '../../onnx/operators/control.ts';
import { add, divide, minimum, multiply, sqrt } from '../../onnx/operators/elementwise.ts';
import { addRows } from '../../onnx/operators/indexing.ts';
import { filled, reshape } from '../../onnx/operators/layout.ts';
import { reduceSumSquare } from '../../onnx/operators/reductions.ts';
import type { TrainingModel } from '../learner/model.ts';
import type { Method, Setting } from '../methods/method.ts';
import { decayOf } from '../optimizer/optimizer.ts';
import type { DropoutSite } from './dropout.ts';
import { trainingLoss } from './modelGraph.ts';
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
  /** Names of the inputs of states: parameters, and the optimizer's memory. Their outputs are called `nextOf` that. */
  readonly states: readonly string[];
}

export const nextOf = (state: string): string => `next.${state}`;

/** Of a step or a micro-batch: what its turn gets, and what it tells. */
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
  const states = [
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
  return { graph, dropoutSites, told, states: states.map(({ name }) => name) };
}

function step({ graph, states }: Turn, building: Building): TurnResult {
  const { model, setting } = building;
  const { training } = setting.spec;
  const { parameters } = model;
  const optimizer = GRAPH_OPTIMIZERS[training.optimizer];
  const kinds = optimizer.memory(training).length;
  const values = states.slice(0, parameters.length);
  const found = accumulated(graph, values, building);
  const norm = normOf(found.gradients);
  const largest = training.maxGradientNorm;
  const factor = largest === null ? null : clipFactor(norm, largest);
  const numbers = Object.fromEntries(
    Object.keys(optimizer.numbers(training, 1, 0)).map(name => [name, graph.input(name, 'float32', [])]),
  );
  const next = parameters.map((parameter, index) => {
    const gradient = found.gradients[index] as Tensor;
    const from = parameters.length + index * kinds;
    return optimizer.advance(training, {
      values: values[index] as Tensor,
      gradient: factor ? multiply(gradient, factor) : gradient,
      memory: states.slice(from, from + kinds),
      decay: decayOf(parameter, training),
      numbers,
    });
  });
  return {
    states: [...next.map(({ values }) => values), ...next.flatMap(({ memory }) => memory)],
    collected: [norm, ...found.told],
  };
}

interface Found {
  readonly gradients: readonly Tensor[];
  readonly told: readonly Tensor[];
}

/** The gradients of a step, summed over its micro-batches, which run one after another. */
function accumulated(graph: Graph, values: readonly Tensor[], building: Building): Found {
  if (building.setting.spec.training.accumulation === 1) return microBatch(graph, values, building);
  const [outermost] = graph.around as readonly [Graph];
  const turns = { count: outermost.input('microBatchCount', 'int64', []), size: MICRO_BATCHES };
  const zeros = values.map(({ shape }) => filled(graph, shape, 0));
  const { states, collected } = loop(graph, turns, zeros, turn => {
    const found = microBatch(turn.graph, values, building);
    const sums = found.gradients.map((gradient, index) => add(turn.states[index] as Tensor, gradient));
    return { states: sums, collected: found.told };
  });
  return { gradients: states, told: collected };
}

function microBatch(graph: Graph, values: readonly Tensor[], building: Building): Found {
  const { model, method, setting, border } = building;
  const weights = new Map(model.parameters.map(({ input }, index) => [input, values[index] as Tensor]));
  const { loss, losses, outputs, dropoutSites } = trainingLoss(graph, model, method, setting, { border, weights });
  const told = Object.entries({ losses, ...outputs });
  building.dropoutSites = dropoutSites;
  building.told = told.map(([name, { shape }]) => ({ name, shape }));
  const found = gradients(loss, values).map(({ dense, rows }, index) =>
    rows.reduce(
      (sum, { ids, rows }) => addRows(sum, ids, rows),
      dense ?? filled(graph, (values[index] as Tensor).shape, 0),
    ),
  );
  return { gradients: found, told: told.map(([, tensor]) => tensor) };
}

/** The Euclidean norm of all gradients as one vector: []. */
function normOf(gradients: readonly Tensor[]): Tensor {
  const squares = gradients.map(gradient => reshape(reduceSumSquare(gradient, [...gradient.shape.keys()]), []));
  return sqrt(squares.reduce(add));
}

/** What gradients are multiplied by so that their norm is at most `largest` (../optimizer/clipping.ts). */
function clipFactor(norm: Tensor, largest: number): Tensor {
  const scalar = (value: number): Tensor => norm.graph.scalar(value);
  return minimum(scalar(1), divide(scalar(largest), add(norm, scalar(1e-6))));
}
