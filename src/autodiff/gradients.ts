import { formatShape } from '../onnx/dimension.ts';
import { type Graph, GraphError, type Node, type Tensor } from '../onnx/graph.ts';
import { add } from '../onnx/operators/elementwise.ts';
import { addRows, putRows } from '../onnx/operators/indexing.ts';
import { filled } from '../onnx/operators/layout.ts';
import { ownGradient } from './ownGradient.ts';
import type { Application, InputGradient, RowsGradient } from './rule.ts';
import { GRADIENT_RULES } from './rules/table.ts';
import { unbroadcast } from './unbroadcast.ts';

/**
 * d loss / d tensor: a value of the same shape, and rows that are to be added to it. A table that is looked up, such as
 * an embedding, has few of them for its size, and whoever keeps the sum adds them in place.
 */
export interface Gradient {
  readonly dense: Tensor | null;
  readonly rows: readonly RowsGradient[];
}

/**
 * Reverse-mode differentiation of a scalar: adds to the graph the nodes that give d loss / d tensor of each tensor in
 * `wanted`, and no others. Nodes stand in topological order, so that going back over them once is enough; those of the
 * graphs around come first.
 * @throws GraphError for an operator on the way that has no rule, naming it.
 */
export function gradients(loss: Tensor, wanted: readonly Tensor[]): Gradient[] {
  if (loss.shape.length !== 0) throw new GraphError(`a loss of shape ${formatShape(loss.shape)}, which is no scalar`);
  const { graph } = loss;
  const nodes = graph.around.flatMap(each => each.nodes);
  const depends = dependents(nodes, wanted);
  const sums = new Sums(graph);
  if (depends.has(loss)) sums.contribute(loss, graph.scalar(1));
  for (const node of nodes.reverse()) {
    for (const [input, gradient] of steps(node, sums, depends))
      if (depends.has(input)) sums.contribute(input, gradient());
  }
  return wanted.map(tensor => sums.of(tensor));
}

/** A gradient as one value of its tensor's shape, in a graph. */
export const whole = ({ dense, rows }: Gradient, { shape }: Tensor, graph: Graph): Tensor =>
  rows.reduce((sum, each) => addRows(sum, each.ids, each.rows), dense ?? filled(graph, shape, 0));

/** All values that change with one of `wanted`, and these themselves. */
function dependents(nodes: readonly Node[], wanted: readonly Tensor[]): Set<Tensor> {
  const depends = new Set(wanted);
  for (const node of nodes) {
    for (const output of node.outputs) {
      const causes = ownGradient(output)?.inputs ?? node.inputs;
      if (causes.some(cause => depends.has(cause))) depends.add(output);
    }
  }
  return depends;
}

type Step = readonly [input: Tensor, gradient: () => InputGradient];

/** One node back: its inputs with their gradients, where the loss depends on the node. */
function steps(node: Node, sums: Sums, depends: ReadonlySet<Tensor>): readonly Step[] {
  const reached = node.outputs.filter(output => depends.has(output) && sums.has(output));
  const [first] = reached;
  if (!first) return [];
  const own = ownGradient(first);
  if (own) return own.rule(sums.dense(first)).map((gradient, index) => [own.inputs[index] as Tensor, gradient]);
  const rule = GRADIENT_RULES[node.operator];
  if (!rule) throw new GraphError(`${node.operator}: no gradient rule, and the loss depends on "${first.name}"`);
  return rule(application(node, sums)).flatMap((gradient, index) =>
    gradient ? [[node.inputs[index] as Tensor, gradient] as const] : [],
  );
}

function application(node: Node, sums: Sums): Application {
  const [output] = node.outputs as [Tensor];
  return {
    graph: output.graph,
    node,
    inputs: node.inputs as unknown as Application['inputs'],
    output,
    get grad() {
      return sums.dense(output);
    },
    get grads() {
      return node.outputs.map(result => sums.dense(result));
    },
  };
}

/** The gradients found so far, each the sum over the uses of its tensor. */
class Sums {
  private readonly graph: Graph;
  private readonly found = new Map<Tensor, { dense: Tensor | null; rows: RowsGradient[] }>();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  has(tensor: Tensor): boolean {
    return this.found.has(tensor);
  }

  of(tensor: Tensor): Gradient {
    return this.found.get(tensor) ?? { dense: null, rows: [] };
  }

  contribute(tensor: Tensor, gradient: InputGradient): void {
    const sum = this.found.get(tensor) ?? { dense: null, rows: [] };
    this.found.set(tensor, sum);
    if ('rows' in gradient) sum.rows.push(gradient);
    else {
      const own = unbroadcast(gradient, tensor.shape);
      sum.dense = sum.dense ? add(sum.dense, own) : own;
    }
  }

  /** As one value. Rows must then be different ones, as those that a loss reads are. */
  dense(tensor: Tensor): Tensor {
    const { dense, rows } = this.of(tensor);
    const zeros = (): Tensor => filled(this.graph, tensor.shape, 0);
    if (rows.length === 0) return dense ?? zeros();
    const [first, ...more] = rows.map(({ ids, rows }) => putRows(zeros(), ids, rows)) as [Tensor, ...Tensor[]];
    return [...more, ...(dense ? [dense] : [])].reduce(add, first);
  }
}
