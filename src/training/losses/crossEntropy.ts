import { withGradient } from '../../autodiff/ownGradient.ts';
import type { Tensor } from '../../onnx/graph.ts';
import { cast, equal, log, multiply, negate, subtract } from '../../onnx/operators/elementwise.ts';
import { gather, pick } from '../../onnx/operators/indexing.ts';
import { linearTransposed, product } from '../../onnx/operators/matrix.ts';
import { reshape } from '../../onnx/operators/layout.ts';
import { softmax } from '../../onnx/operators/normalization.ts';
import { reduceMax } from '../../onnx/operators/reductions.ts';
import { sizeAt } from '../../onnx/dimension.ts';

/** -log p of each row's target, and how probable every class was. */
export interface CrossEntropy {
  /** [N, 1] */
  readonly losses: Tensor;
  /** [N, V] */
  readonly probabilities: Tensor;
}

/**
 * Cross-entropy of logits [N, V] with targets int64 [N]. All is seen from the likeliest class, whose probability is
 * never too small to be told from 0.
 */
export function crossEntropy(logits: Tensor, targets: Tensor): CrossEntropy {
  const probabilities = softmax(logits);
  const columns = reshape(targets, [sizeAt(targets.shape, 0), 1]); // [N, 1]
  const belowBest = subtract(reduceMax(logits, [1]), pick(logits, columns)); // [N, 1]
  const losses = subtract(belowBest, log(reduceMax(probabilities, [1])));
  withGradient(losses, [logits], grad => [() => multiply(grad, subtract(probabilities, oneHot(logits, columns)))]);
  return { losses, probabilities };
}

/** 1 at each row's column, int64 [N, 1], and 0 elsewhere, in the shape of x [N, V]. */
function oneHot(x: Tensor, columns: Tensor): Tensor {
  const classes = sizeAt(x.shape, 1) as number;
  const numbers = x.graph.integers(
    Array.from({ length: classes }, (_, column) => column),
    [1, classes],
  );
  return cast(equal(numbers, columns), x.type);
}

/**
 * The same of hidden states [N, D] and a head [V, D] over a large vocabulary: its gradient is told for the whole, so that
 * no array of the logits' size is made beside their probabilities. With P the probabilities, g the losses' gradient and
 * t the targets: d hidden = g · (P head - head[t]); d head = Pᵀ (g · hidden), less g · hidden at the rows t.
 */
export function headCrossEntropy(hidden: Tensor, head: Tensor, targets: Tensor): CrossEntropy {
  const { losses, probabilities } = crossEntropy(linearTransposed(hidden, head), targets);
  withGradient(losses, [hidden, head, head], grad => {
    const weighted = (x: Tensor): Tensor => multiply(x, grad); // [N, D] by [N, 1]
    return [
      () => weighted(subtract(product(probabilities, head), gather(head, targets))),
      () => product(probabilities, weighted(hidden), { transposeA: true }),
      () => ({ ids: targets, rows: negate(weighted(hidden)) }),
    ];
  });
  return { losses, probabilities };
}
