import type { Precision } from '../protocol/precision.ts';
import { type ElementType, type Graph, int, type Node, type Tensor } from './graph.ts';
import { cast, ONNX_TYPE } from './operators/elementwise.ts';

/** What matrix products are computed in, by a precision; null: in float32, as all else is. */
export const PRODUCT_TYPES: Readonly<Record<Precision, ElementType | null>> = {
  f32: null,
  f16: 'float16',
  bf16: 'bfloat16',
  int8: null,
  int4: null,
};

const PRODUCTS = new Set(['Gemm', 'FusedMatMul']);

/**
 * Has the matrix products of a graph, and of those around it, computed in a narrower type, and all else as it was: what
 * goes into a product is cast before and what comes out is cast back, as PyTorch's autocast has it (Micikevicius et al.
 * 2018). What several products read is cast once, where it is made; what was widened from that type is read as it was.
 */
export function computeProductsIn(type: ElementType, graph: Graph): void {
  const narrow = new Map<Tensor, Tensor>();
  const narrowed = (tensor: Tensor): Tensor => {
    const kept = tensor.producer?.operator === 'Cast' ? tensor.producer.inputs[0] : undefined;
    const made = narrow.get(tensor) ?? (kept?.type === type ? kept : cast(tensor, type));
    narrow.set(tensor, made);
    return made;
  };
  for (const each of graph.around) {
    for (const node of each.nodes.splice(0)) {
      if (PRODUCTS.has(node.operator)) replaceProduct(each, node, type, narrowed);
      else each.nodes.push(node);
    }
  }
}

function replaceProduct(
  graph: Graph,
  { operator, domain, attributes, inputs, outputs }: Node,
  type: ElementType,
  narrowed: (tensor: Tensor) => Tensor,
): void {
  const [result] = outputs as readonly [Tensor];
  const options = { attributes, domain };
  const product = graph.node(operator, inputs.map(narrowed), [{ type, shape: result.shape }], options);
  // Under the name of the product that it stands for, so that what reads that reads what is cast back.
  const back = { to: int(ONNX_TYPE[result.type]) };
  graph.nodes.push({ operator: 'Cast', domain: '', inputs: product, outputs, attributes: back });
}
