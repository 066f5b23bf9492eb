import { type Graph, type Initializer, type Node, type Tensor, valuesRead } from './graph.ts';

/**
 * Leaves out what no output needs, and puts nodes that only give outputs last, the first one made at the very end.
 * ONNX Runtime goes depth-first from the last node that nobody reads, so that outputs come to be computed in the order
 * in which they were made: a weight's gradient as soon as it can be, after which what it was made of is let go. In any
 * other order a training step holds every layer's gradients at once, twice the memory. An inner graph keeps all inputs:
 * how many it has is the node's affair.
 */
export function arrange(graph: Graph): void {
  const needed = neededNodes(graph);
  const read = new Set(needed.flatMap(valuesRead));
  const isLeaf = ({ outputs }: Node): boolean => !outputs.some(output => read.has(output));
  replace(graph.nodes, [...needed.filter(node => !isLeaf(node)), ...needed.filter(isLeaf).reverse()]);
  if (!graph.within) {
    replace(
      graph.inputs,
      graph.inputs.filter(input => read.has(input)),
    );
  }
  replace(
    graph.initializers,
    graph.initializers.filter(({ tensor }: Initializer) => read.has(tensor)),
  );
}

function neededNodes({ nodes, outputs }: Graph): Node[] {
  const wanted = new Set<Tensor>(outputs.map(({ tensor }) => tensor));
  const needed = [...nodes].reverse().filter(node => {
    if (!node.outputs.some(output => wanted.has(output))) return false;
    for (const value of valuesRead(node)) wanted.add(value);
    return true;
  });
  return needed.reverse();
}

const replace = <T>(list: T[], by: readonly T[]): void => {
  list.splice(0, list.length, ...by);
};
