import {
  add,
  cast,
  divide,
  exp,
  greater,
  multiply,
  negate,
  scale,
  sigmoid,
  square,
  subtract,
  erf,
} from '../../onnx/operators/elementwise.ts';
import type { Tensor } from '../../onnx/graph.ts';
import type { GradientRules } from '../rule.ts';

const plus = (x: Tensor, value: number): Tensor => add(x, x.graph.scalar(value));
const oneMinus = (x: Tensor): Tensor => subtract(x.graph.scalar(1), x);

export const elementwise: GradientRules = {
  Add: ({ grad }) => [() => grad, () => grad],
  Sub: ({ grad }) => [() => grad, () => negate(grad)],
  Mul: ({ grad, inputs: [a, b] }) => [() => multiply(grad, b), () => multiply(grad, a)],
  Div: ({ grad, output, inputs: [, b] }) => [() => divide(grad, b), () => negate(divide(multiply(grad, output), b))],
  Neg: ({ grad }) => [() => negate(grad)],
  Exp: ({ grad, output }) => [() => multiply(grad, output)],
  Log: ({ grad, inputs: [x] }) => [() => divide(grad, x)],
  Tanh: ({ grad, output }) => [() => multiply(grad, oneMinus(square(output)))],
  Sigmoid: ({ grad, output }) => [() => multiply(grad, multiply(output, oneMinus(output)))],
  Softplus: ({ grad, inputs: [x] }) => [() => multiply(grad, sigmoid(x))],
  Erf: ({ grad, inputs: [x] }) => [() => multiply(grad, scale(exp(negate(square(x))), 2 / Math.sqrt(Math.PI)))],
  Relu: ({ grad, inputs: [x] }) => [() => multiply(grad, cast(greater(x, x.graph.scalar(0)), x.type))],
  Gelu: ({ grad, inputs: [x] }) => [() => multiply(grad, geluSlope(x))],
  FastGelu: ({ grad, inputs: [x] }) => [() => multiply(grad, geluTanhSlope(x))],
};

/** Φ(x) + x φ(x), with Φ and φ the normal distribution's cumulative function and density. */
function geluSlope(x: Tensor): Tensor {
  const cumulative = plus(scale(erf(scale(x, Math.SQRT1_2)), 0.5), 0.5);
  const density = scale(exp(scale(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return add(cumulative, multiply(x, density));
}

/**
 * gelu_new is x σ(w) with w = 2 sqrt(2/π) (x + 0.044715 x³), so its slope is σ + x w' σ (1 - σ).
 * Hendrycks and Gimpel 2016; tanh is written by σ, which is the same and takes fewer passes over memory.
 */
function geluTanhSlope(x: Tensor): Tensor {
  const [slope, cube] = [2 * Math.sqrt(2 / Math.PI), 0.044715];
  const squared = square(x);
  const share = sigmoid(multiply(x, plus(scale(squared, slope * cube), slope)));
  const growth = multiply(x, plus(scale(squared, 3 * slope * cube), slope)); // x w'
  return multiply(share, plus(multiply(growth, oneMinus(share)), 1));
}
