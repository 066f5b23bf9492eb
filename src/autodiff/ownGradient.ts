import type { Tensor } from '../onnx/graph.ts';
import type { InputGradient } from './rule.ts';

/** The gradient of a value made of several nodes, told for the whole: d loss / d input of each of its inputs. */
export interface OwnGradient {
  readonly inputs: readonly Tensor[];
  readonly rule: (grad: Tensor) => ReadonlyArray<() => InputGradient>;
}

const own = new WeakMap<Tensor, OwnGradient>();

/**
 * Has a value differentiated as a whole instead of node by node, where that is cheaper or where more is known than its
 * nodes tell. As `custom_vjp` of JAX.
 */
export function withGradient(output: Tensor, inputs: OwnGradient['inputs'], rule: OwnGradient['rule']): Tensor {
  own.set(output, { inputs, rule });
  return output;
}

export const ownGradient = (output: Tensor): OwnGradient | undefined => own.get(output);
