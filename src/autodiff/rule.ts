import type { Graph, Node, Tensor } from '../onnx/graph.ts';

/** The gradient of a table by some of its rows, which may come more than once: ids int64 [N], rows [N, ..rest]. */
export interface RowsGradient {
  readonly ids: Tensor;
  readonly rows: Tensor;
}

export type InputGradient = Tensor | RowsGradient;

/** A node on the way back. */
export interface Application {
  readonly graph: Graph;
  readonly node: Node;
  /** As many as the operator has. */
  readonly inputs: readonly [Tensor, Tensor, Tensor];
  readonly output: Tensor;
  /** d loss / d output. */
  readonly grad: Tensor;
  /** The same for every output: zeros where the loss does not depend on it. */
  readonly grads: readonly Tensor[];
}

/**
 * d loss / d input of each input, made only where it is needed; null where there is none, as for indices. Shapes may be
 * those of the output: broadcasting is undone by the walker, not by a rule.
 */
export type Rule = (application: Application) => ReadonlyArray<(() => InputGradient) | null>;

export type GradientRules = Readonly<Record<string, Rule>>;
