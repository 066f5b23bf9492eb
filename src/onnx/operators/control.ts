import { arrange } from '../arrange.ts';
import { type Dimension, formatShape, sameShape } from '../dimension.ts';
import { expectShape, expectType, Graph, GraphError, type Tensor } from '../graph.ts';
import { gather } from './indexing.ts';

/** How often a loop goes round at most: int64 [], and the size that stands for it in shapes. */
export interface Turns {
  readonly count: Tensor;
  readonly size: Dimension;
  /** Every turn is given the same inputs, in place of its own. */
  readonly sameInputs?: boolean;
}

/** A turn of a loop, from inside. Inputs of its graph are given for all turns at once, [turns, ..shape]. */
export interface Turn {
  readonly graph: Graph;
  /** From 0: int64 []. */
  readonly number: Tensor;
  /** What the turn before left, or at first what the loop was given. */
  readonly states: readonly Tensor[];
}

export interface TurnResult {
  /** For the next turn: as many, and of the same types and shapes, as it was given. */
  readonly states: readonly Tensor[];
  /** What the loop gives of every turn: [turns, ..shape]. */
  readonly collected: readonly Tensor[];
  /** Whether another turn follows: bool []. Absent: until all are done. */
  readonly goesOn?: Tensor;
}

/**
 * Repeats what `build` makes of a turn's states, within one run: states stay where they are computed. A turn may read
 * any value of the graphs around it.
 * @returns The states that the last turn left, and what was collected.
 */
export function loop(graph: Graph, turns: Turns, initial: readonly Tensor[], build: (turn: Turn) => TurnResult) {
  expectType('Loop', 'count', turns.count, 'int64');
  expectShape('Loop', 'count', turns.count, []);
  const body = new Graph({
    graph,
    given: (name, type, shape) =>
      turns.sameInputs ? graph.input(name, type, shape) : gather(graph.input(name, type, [turns.size, ...shape]), turn),
  });
  const turn = body.parameter('turn', 'int64', []);
  const goesOn = body.parameter('goesOn', 'bool', []);
  const states = initial.map(({ type, shape }, index) => body.parameter(`state.${index}`, type, shape));
  const result = build({ graph: body, number: turn, states });
  refuseOthers(initial, result.states);
  for (const [index, tensor] of [result.goesOn ?? goesOn, ...result.states, ...result.collected].entries())
    body.output(`result.${index}`, ownResult(body, tensor));
  arrange(body);
  const collected = result.collected.map(({ type, shape }) => ({ type, shape: [turns.size, ...shape] }));
  const results = graph.node('Loop', [turns.count, graph.truth(true), ...initial], [...initial, ...collected], {
    attributes: { body: { graph: body } },
  });
  return { states: results.slice(0, initial.length), collected: results.slice(initial.length) };
}

/** What a graph gives out is a result of a node of its own, and of no other name. */
function ownResult(body: Graph, tensor: Tensor): Tensor {
  const own = tensor.producer && tensor.graph === body && !body.outputs.some(output => output.tensor === tensor);
  return own ? tensor : (body.node('Identity', [tensor], [tensor])[0] as Tensor);
}

function refuseOthers(initial: readonly Tensor[], next: readonly Tensor[]): void {
  if (initial.length !== next.length)
    throw new GraphError(`Loop: ${initial.length} states go into a turn, and ${next.length} come out`);
  for (const [index, { type, shape }] of next.entries()) {
    const before = initial[index] as Tensor;
    if (before.type !== type || !sameShape(before.shape, shape)) {
      const [given, left] = [`${before.type} ${formatShape(before.shape)}`, `${type} ${formatShape(shape)}`];
      throw new GraphError(`Loop: state "${before.name}" is ${given}, and a turn leaves ${left}`);
    }
  }
}
