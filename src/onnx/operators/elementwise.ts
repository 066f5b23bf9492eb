import { broadcastShapes, formatShape } from '../dimension.ts';
import {
  commonType,
  CONTRIB,
  type ElementType,
  expectType,
  FLOATS,
  GraphError,
  int,
  node,
  type Tensor,
} from '../graph.ts';

function binary(operator: string, a: Tensor, b: Tensor, result?: ElementType): Tensor {
  const type = commonType(operator, a, b);
  const shape = broadcastShapes(a.shape, b.shape);
  if (!shape) {
    throw new GraphError(`${operator}: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not broadcast`);
  }
  return node(operator, [a, b], { type: result ?? type, shape });
}

function unary(operator: string, x: Tensor, domain = ''): Tensor {
  expectType(operator, 'input', x, ...FLOATS);
  return node(operator, [x], { type: x.type, shape: x.shape }, { domain });
}

function logical(operator: string, a: Tensor, b: Tensor): Tensor {
  expectType(operator, 'left', a, 'bool');
  return binary(operator, a, b);
}

/** Elementwise, with broadcasting. */
export const add = (a: Tensor, b: Tensor): Tensor => binary('Add', a, b);
export const subtract = (a: Tensor, b: Tensor): Tensor => binary('Sub', a, b);
export const multiply = (a: Tensor, b: Tensor): Tensor => binary('Mul', a, b);
export const divide = (a: Tensor, b: Tensor): Tensor => binary('Div', a, b);
/** x multiplied by a number. */
export const scale = (x: Tensor, factor: number): Tensor => multiply(x, x.graph.scalar(factor));
export const greater = (a: Tensor, b: Tensor): Tensor => binary('Greater', a, b, 'bool');
export const equal = (a: Tensor, b: Tensor): Tensor => binary('Equal', a, b, 'bool');
export const less = (a: Tensor, b: Tensor): Tensor => binary('Less', a, b, 'bool');
export const and = (a: Tensor, b: Tensor): Tensor => logical('And', a, b);
export const not = (x: Tensor): Tensor => {
  expectType('Not', 'input', x, 'bool');
  return node('Not', [x], x);
};
export const or = (a: Tensor, b: Tensor): Tensor => logical('Or', a, b);

/** The smaller of the two, elementwise. */
export const minimum = (a: Tensor, b: Tensor): Tensor => binary('Min', a, b);

export const square = (x: Tensor): Tensor => multiply(x, x);
export const negate = (x: Tensor): Tensor => unary('Neg', x);
export const exp = (x: Tensor): Tensor => unary('Exp', x);
export const sqrt = (x: Tensor): Tensor => unary('Sqrt', x);
/** Natural logarithm. */
export const log = (x: Tensor): Tensor => unary('Log', x);
export const tanh = (x: Tensor): Tensor => unary('Tanh', x);
/** 1 / (1 + exp(-x)). */
export const sigmoid = (x: Tensor): Tensor => unary('Sigmoid', x);
/** log(1 + exp(x)), which is -log sigmoid(-x). */
export const softplus = (x: Tensor): Tensor => unary('Softplus', x);
/** The error function. */
export const erf = (x: Tensor): Tensor => unary('Erf', x);
export const relu = (x: Tensor): Tensor => unary('Relu', x);
/** x Φ(x), by the error function. */
export const gelu = (x: Tensor): Tensor => unary('Gelu', x);
/** Hendrycks and Gimpel's approximation by tanh, which GPT-2 was trained with (`gelu_new`). */
export const geluTanh = (x: Tensor): Tensor => unary('FastGelu', x, CONTRIB);

/** ONNX's numbers of element types (TensorProto.DataType). */
export const ONNX_TYPE: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
};

export const cast = (x: Tensor, type: ElementType): Tensor =>
  node('Cast', [x], { type, shape: x.shape }, { attributes: { to: int(ONNX_TYPE[type]) } });
