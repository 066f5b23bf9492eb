import { createHash } from 'node:crypto';
import { type Dimension, formatShape, type Shape } from './dimension.ts';

export type ElementType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int8'
  | 'uint8'
  | 'bool';

export interface TensorType {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** A value of the graph. It knows the node that makes it, so that a walker can go from a result to its causes. */
export interface Tensor extends TensorType {
  readonly graph: Graph;
  readonly name: string;
  /** Null for inputs, weights and constants. */
  readonly producer: Node | null;
}

export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly graph: Graph };

export type Attributes = Readonly<Record<string, Attribute>>;

/** One application of an ONNX operator. */
export interface Node {
  readonly operator: string;
  /** Empty for ONNX's own operators, `com.microsoft` for ONNX Runtime's. */
  readonly domain: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: Attributes;
}

/** Where bytes lie in a file. */
export interface FilePlace {
  readonly file: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

export type Bits = 4 | 8;

/**
 * A float32 matrix as whole numbers in blocks that share a scale. Seen so that the blocks lie along its last axis, with
 * blocks of S: packed uint8 [N, K / S, S bits / 8], scales float32 [N, K / S].
 */
export interface Blocks<Place = FilePlace> {
  readonly bits: Bits;
  readonly size: number;
  /** The axis that they lie along. */
  readonly axis: 0 | 1;
  readonly packed: Place;
  readonly scales: Place;
}

/** Where the bytes of an initializer are: in the graph itself, in a file beside it, or there in blocks. */
export type InitializerData = { readonly bytes: Uint8Array } | FilePlace | { readonly blocks: Blocks };

export interface Initializer {
  readonly tensor: Tensor;
  readonly data: InitializerData;
}

export interface NodeOptions {
  readonly attributes?: Attributes;
  readonly domain?: string;
}

/** A mistake of whoever builds a graph: it names the operator and the shapes that do not go together. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** A graph within a node of another, such as the body of a loop: it reads the values of those around it. */
export interface Within {
  readonly graph: Graph;
  /** What is given anew each time that the inner graph runs: a value made from inputs of the graph around it. */
  given(name: string, type: ElementType, shape: Shape): Tensor;
}

/**
 * An ONNX graph under construction. Operators (operators/) infer the type and shape of their results and refuse wrong
 * ones at once; nodes keep their inputs, outputs and attributes, which is all that differentiation needs.
 */
export class Graph {
  readonly within: Within | null;
  readonly nodes: Node[] = [];
  readonly inputs: Tensor[] = [];
  readonly outputs: Array<{ readonly name: string; readonly tensor: Tensor }> = [];
  readonly initializers: Initializer[] = [];
  private readonly constants = new Map<string, Tensor>();
  private readonly prefix: string;
  private values = 0;
  private inner = 0;

  constructor(within: Within | null = null) {
    this.within = within;
    // A name means one value in all graphs of a model.
    this.prefix = within ? `${within.graph.prefix}g${within.graph.inner++}.` : '';
  }

  /** A value that is given at every run. */
  input(name: string, type: ElementType, shape: Shape): Tensor {
    return this.within ? this.within.given(name, type, shape) : this.parameter(name, type, shape);
  }

  /** A value that the node around an inner graph hands to it. */
  parameter(name: string, type: ElementType, shape: Shape): Tensor {
    const tensor: Tensor = { graph: this, name: this.prefix + name, type, shape, producer: null };
    this.inputs.push(tensor);
    return tensor;
  }

  /** A value that is part of the model, such as a weight in a file. */
  initializer(name: string, { type, shape }: TensorType, data: InitializerData): Tensor {
    const tensor: Tensor = { graph: this, name, type, shape, producer: null };
    this.initializers.push({ tensor, data });
    return tensor;
  }

  /** A float32 scalar, shape []. The same number twice is one constant. */
  scalar(value: number): Tensor {
    return this.constant('float32', [], new Uint8Array(Float32Array.of(value).buffer));
  }

  /** int64, of the given shape, or a vector. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): Tensor {
    return this.constant('int64', shape, new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  }

  /** A truth value, shape []. */
  truth(value: boolean): Tensor {
    return this.constant('bool', [], Uint8Array.of(Number(value)));
  }

  /** An int8 array of one value everywhere. */
  bytes(shape: readonly number[], value: number): Tensor {
    return this.constant('int8', shape, new Uint8Array(shape.reduce((product, size) => product * size, 1)).fill(value));
  }

  /** Gives a value out of the graph under this name, which replaces its own. */
  output(name: string, tensor: Tensor): void {
    if (!tensor.producer || this.outputs.some(output => output.tensor === tensor)) {
      throw new GraphError(`output "${name}": "${tensor.name}" is no node's result, or is given out already`);
    }
    this.outputs.push({ name: this.prefix + name, tensor });
  }

  /** This graph and those around it, from the outermost on: those whose values its nodes may read. */
  get around(): readonly Graph[] {
    return [...(this.within?.graph.around ?? []), this];
  }

  /** Adds a node and returns its results. Shapes are inferred by the operator functions, which alone call this. */
  node(
    operator: string,
    inputs: readonly Tensor[],
    results: readonly TensorType[],
    options: NodeOptions = {},
  ): Tensor[] {
    const { around } = this;
    for (const input of inputs) {
      if (!around.includes(input.graph)) throw new GraphError(`${operator}: "${input.name}" belongs to another graph`);
    }
    const outputs: Tensor[] = [];
    const node: Node = {
      operator,
      domain: options.domain ?? '',
      inputs,
      outputs,
      attributes: options.attributes ?? {},
    };
    for (const result of results) outputs.push(this.result(node, result));
    this.nodes.push(node);
    return outputs;
  }

  /** Asks a node for results that it gives on demand, such as what a normalization found; they follow those it has. */
  extend(node: Node, results: readonly TensorType[]): Tensor[] {
    const more = results.map(result => this.result(node, result));
    (node.outputs as Tensor[]).push(...more);
    return more;
  }

  private result(producer: Node, { type, shape }: TensorType): Tensor {
    return { graph: this, name: `${this.prefix}v${this.values++}`, type, shape, producer };
  }

  private constant(type: ElementType, shape: readonly number[], bytes: Uint8Array): Tensor {
    const key = `${type}${formatShape(shape)}${createHash('sha256').update(bytes).digest('hex')}`;
    const known = this.constants.get(key);
    if (known) return known;
    const tensor = this.initializer(`${this.prefix}c${this.constants.size}`, { type, shape }, { bytes });
    this.constants.set(key, tensor);
    return tensor;
  }
}

/** The element types that ONNX Runtime computes functions in. */
export const FLOATS: readonly ElementType[] = ['float64', 'float32', 'float16', 'bfloat16'];

/** Adds a node of one result, to the innermost of the graphs that its inputs are of. */
export function node(operator: string, inputs: readonly Tensor[], result: TensorType, options?: NodeOptions): Tensor {
  const graphs = inputs.map(({ graph }) => graph);
  if (graphs.length === 0) throw new GraphError(`${operator}: no inputs`);
  const innermost = graphs.reduce((inner, graph) => (graph.around.length > inner.around.length ? graph : inner));
  return innermost.node(operator, inputs, [result], options)[0] as Tensor;
}

/** All values that a node reads: its inputs, and what graphs within it read of those around them. */
export function valuesRead({ inputs, attributes }: Node): Tensor[] {
  const captured = Object.values(attributes).flatMap(attribute =>
    'graph' in attribute ? captures(attribute.graph) : [],
  );
  return [...inputs, ...captured];
}

const captures = (graph: Graph): Tensor[] => graph.nodes.flatMap(valuesRead).filter(value => value.graph !== graph);

export const int = (value: number): Attribute => ({ int: value });
export const ints = (values: readonly number[]): Attribute => ({ ints: values });
export const float = (value: number): Attribute => ({ float: value });
export const string = (value: string): Attribute => ({ string: value });
export const flag = (value: boolean): Attribute => ({ int: value ? 1 : 0 });

/** ONNX Runtime's own operators. */
export const CONTRIB = 'com.microsoft';

/** Refuses inputs whose element types differ, and returns the common one. */
export function commonType(operator: string, ...tensors: readonly Tensor[]): ElementType {
  const types = new Set(tensors.map(tensor => tensor.type));
  if (types.size !== 1)
    throw new GraphError(`${operator}: element types ${[...types].join(' and ')} do not go together`);
  return [...types][0] as ElementType;
}

/** Refuses a tensor of another element type. */
export function expectType(operator: string, what: string, { name, type }: Tensor, ...expected: ElementType[]): void {
  if (!expected.includes(type)) {
    throw new GraphError(`${operator}: ${what} "${name}" is ${type}, and should be ${expected.join(' or ')}`);
  }
}

/** Refuses a shape that is not the expected one, in which `·` may be any size. `beside` is what it has to go with. */
export function expectShape(
  operator: string,
  what: string,
  { name, shape }: Tensor,
  expected: ReadonlyArray<Dimension | '·'>,
  beside?: Tensor,
): void {
  if (shape.length === expected.length && expected.every((size, axis) => size === '·' || size === shape[axis])) return;
  const reason = beside ? ` beside "${beside.name}" ${formatShape(beside.shape)}` : '';
  throw new GraphError(
    `${operator}: ${what} "${name}" is ${formatShape(shape)}, and should be ${formatShape(expected)}${reason}`,
  );
}
