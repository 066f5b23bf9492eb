import type { Tensor } from '../../onnx/graph.ts';
import { scale } from '../../onnx/operators/elementwise.ts';
import { headCrossEntropy } from '../losses/crossEntropy.ts';
import type { Ending } from '../methods/method.ts';

/** So that a temperature of 0 divides by something: TRL's own. */
const EPSILON = 1e-7;

/** Negative log-probabilities of the tokens after the states that are read, at the temperature they are drawn with: [N, 1]. */
export function answerLosses({ hidden, head, setting }: Ending): Tensor {
  const targets = hidden.graph.input('targets', 'int64', ['N']);
  const cooled = scale(hidden, 1 / (setting.spec.ppo.temperature + EPSILON)); // logits are linear in the states
  return headCrossEntropy(cooled, head.weight, targets).losses;
}
