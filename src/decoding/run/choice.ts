import type { Tensor } from '../../onnx/graph.ts';
import {
  add,
  and,
  cast,
  divide,
  equal,
  exp,
  greater,
  less,
  minimum,
  multiply,
  not,
  or,
  subtract,
} from '../../onnx/operators/elementwise.ts';
import { pick, topK } from '../../onnx/operators/indexing.ts';
import { firstColumns } from '../../onnx/operators/layout.ts';
import { countTrue } from '../../onnx/operators/matrix.ts';
import { softmax } from '../../onnx/operators/normalization.ts';
import { reduceSum } from '../../onnx/operators/reductions.ts';
import { leadingSums } from './leadingSums.ts';

// Letters in shapes: N texts, V vocabulary.

/** What tokens are drawn by, of each text: [N, 1] all. A filter that is not asked for has the value that leaves all. */
export interface ChoiceInputs {
  /** float64 */
  readonly temperature: Tensor;
  /** int64: how many of the best stay, from 1 to V. */
  readonly topK: Tensor;
  /** float64: the share of what top-k left that is to stay; above 1 for all. */
  readonly topP: Tensor;
  /** float64: how far below the best a score may be, as a number of at most 0. */
  readonly minP: Tensor;
  /** float64, from 0 to less than 1: where in the distribution the token is taken. */
  readonly uniform: Tensor;
}

/** Of each text: [N, 1] all. */
export interface ChoiceOutputs {
  /** int64 */
  readonly id: Tensor;
  /** int32: how many tokens were left to choose from. */
  readonly leftTokens: Tensor;
  /** float32: what the model gives to these together, and with what chance a draw takes the chosen one. */
  readonly leftProbability: Tensor;
  readonly leftChance: Tensor;
}

/**
 * Draws a token of each text by its logits [N, V], as ../filters.ts and `draw` of ../sampler.ts do it, with the same
 * numbers: so what a seed gives does not depend on where it is decoded. No filter leaves a token out and
 * keeps a less likely one: so what they leave together is so many of the best.
 */
export function choice(logits: Tensor, inputs: ChoiceInputs): ChoiceOutputs {
  const { graph } = logits;
  const vocabulary = logits.shape[1] as number;
  const scores = cast(divide(cast(logits, 'float64'), inputs.temperature), 'float32'); // [N, V]
  const { values, indices } = topK(scores, graph.integers([vocabulary]), vocabulary); // [N, V], best first
  const best = cast(firstColumns(values, 1), 'float64');
  const weights = (of: Tensor): Tensor => exp(subtract(cast(of, 'float64'), best)); // the best weighs 1
  const last = subtract(howManyStay(values, weights(values), best, inputs), graph.integers([1]));
  const [lastScore, lastId] = [pick(values, last), pick(indices, last)];
  const ids = graph.integers(
    Array.from({ length: vocabulary }, (_, id) => id),
    [1, vocabulary],
  );
  const tied = and(equal(scores, lastScore), not(greater(ids, lastId)));
  const left = or(greater(scores, lastScore), tied); // [N, V], by id
  const leftWeights = multiply(weights(scores), cast(left, 'float64'));
  const total = reduceSum(leftWeights, [1]);
  const drawn = leadingSums(leftWeights, multiply(inputs.uniform, total));
  const id = minimum(drawn, graph.integers([vocabulary - 1])); // should rounding keep the sums below the goal
  return {
    id,
    leftTokens: countTrue(left),
    leftProbability: reduceSum(multiply(softmax(logits), cast(left, 'float32')), [1]),
    leftChance: cast(divide(pick(leftWeights, id), total), 'float32'),
  };
}

/** How many of the best all filters leave: int64 [N, 1]. `scores` and their `weights` stand best first, [N, V]. */
function howManyStay(scores: Tensor, weights: Tensor, best: Tensor, inputs: ChoiceInputs): Tensor {
  const { graph } = scores;
  const one = graph.integers([1]);
  // Those that equal the k-th stay too.
  const inTopK = not(less(scores, pick(scores, subtract(inputs.topK, one)))); // [N, V]
  const ofTopK = multiply(weights, cast(inTopK, 'float64'));
  const inTopP = add(leadingSums(ofTopK, multiply(inputs.topP, reduceSum(ofTopK, [1]))), one);
  const inMinP = not(less(cast(scores, 'float64'), add(best, inputs.minP)));
  const counts = [inTopK, inMinP].map(stays => cast(countTrue(stays), 'int64'));
  return counts.reduce(minimum, inTopP);
}
