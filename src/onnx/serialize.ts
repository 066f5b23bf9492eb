import { relative } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { computeFromBlocks } from './blockProducts.ts';
import type { Shape } from './dimension.ts';
import { type Attribute, type Graph, GraphError, type Initializer, type Node, type Tensor } from './graph.ts';
import { ONNX_TYPE } from './operators/elementwise.ts';
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataLocation as DataLocation,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './proto/onnx_pb.js';

/** Gelu came with opset 20; IR version 9 is the one of that release. */
export const OPSET_VERSION = 20n;
const IR_VERSION = 9n;

/**
 * The graph as an ONNX file. Weights that lie in files are named by their path relative to `weightsFolder`; what reads those
 * in blocks is replaced by what computes from blocks.
 */
export function serialize(graph: Graph, weightsFolder: string): Uint8Array {
  computeFromBlocks(graph);
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'lm-lab',
    opsetImport: [
      { domain: '', version: OPSET_VERSION },
      { domain: 'com.microsoft', version: 1n },
    ],
    graph: graphProto(graph, weightsFolder, ({ name }) => name),
  });
  return toBinary(ModelProtoSchema, model);
}

type NameOf = (tensor: Tensor) => string;

/** `around`: what the values of the graphs around it are called. */
function graphProto(graph: Graph, weightsFolder: string, around: NameOf): GraphProto {
  const named = new Map(graph.outputs.map(({ name, tensor }) => [tensor, name]));
  const nameOf: NameOf = tensor => named.get(tensor) ?? around(tensor);
  return create(GraphProtoSchema, {
    name: 'graph',
    node: graph.nodes.map((node, index) => nodeProto(node, index, nameOf, weightsFolder)),
    initializer: graph.initializers.map(initializer => initializerProto(initializer, weightsFolder)),
    input: graph.inputs.map(valueProto),
    output: graph.outputs.map(({ name, tensor }) => valueProto({ ...tensor, name })),
  });
}

function nodeProto(
  { operator, domain, inputs, outputs, attributes }: Node,
  index: number,
  nameOf: NameOf,
  weightsFolder: string,
): NodeProto {
  const attribute = ([name, value]: [string, Attribute]): AttributeProto =>
    'graph' in value
      ? create(AttributeProtoSchema, {
          name,
          type: AttributeType.GRAPH,
          g: graphProto(value.graph, weightsFolder, nameOf),
        })
      : attributeProto(name, value);
  return create(NodeProtoSchema, {
    name: `${operator}_${index}`,
    opType: operator,
    domain,
    input: inputs.map(nameOf),
    output: outputs.map(nameOf),
    attribute: Object.entries(attributes).map(attribute),
  });
}

function attributeProto(name: string, value: Exclude<Attribute, { readonly graph: Graph }>): AttributeProto {
  if ('int' in value) return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.int) });
  if ('ints' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.ints.map(BigInt) });
  }
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  const s = new TextEncoder().encode(value.string);
  return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s });
}

function valueProto({ name, type, shape }: Pick<Tensor, 'name' | 'type' | 'shape'>): ValueInfoProto {
  const dim = shape.map(size =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  );
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: ONNX_TYPE[type], shape: { dim } } } },
  });
}

function initializerProto({ tensor, data }: Initializer, weightsFolder: string): TensorProto {
  const description = { name: tensor.name, dataType: ONNX_TYPE[tensor.type], dims: knownSizes(tensor.shape) };
  if ('bytes' in data) return create(TensorProtoSchema, { ...description, rawData: data.bytes });
  if ('blocks' in data) throw new GraphError(`"${tensor.name}" is in blocks, in a graph within another`);
  return create(TensorProtoSchema, {
    ...description,
    dataLocation: DataLocation.EXTERNAL,
    externalData: [
      { key: 'location', value: relative(weightsFolder, data.file).replaceAll('\\', '/') },
      { key: 'offset', value: String(data.offset) },
      { key: 'length', value: String(data.sizeBytes) },
    ],
  });
}

const knownSizes = (shape: Shape): bigint[] => shape.map(size => BigInt(size));
