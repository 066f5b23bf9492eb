import type { Sizes } from './dimension.ts';
import type { ElementType, Graph, Tensor } from './graph.ts';
import { type InferenceSession, runtime, runtimeFailure, type RuntimeTensor } from './runtime.ts';
import { serialize } from './serialize.ts';

export interface SessionOptions {
  /** The folder above every weight file of the graph, with links resolved. */
  readonly weightsFolder: string;
  /** ONNX Runtime's name of an execution provider, with its options. */
  readonly provider: InferenceSession.ExecutionProviderConfig;
  readonly threads: number;
  /** Takes no more memory than a run needs, and gives it back: for graphs that need much of it, and many rows at once. */
  readonly returnsMemory?: boolean;
  /** How a file begins that is to tell which provider ran each node; its name is completed by the time. */
  readonly profilePrefix?: string | undefined;
}

/** Bytes are truth values. */
export type Numbers = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;

/** A value for one input: its numbers, not copied, and its shape. */
export interface Feed {
  readonly data: Numbers;
  readonly shape: readonly number[];
}

export type Feeds = Readonly<Record<string, Feed>>;

/** A graph that can be run. One call blocks the process while it lasts, so callers keep each well under a second. */
export interface Session {
  /**
   * Gives the named outputs, all where none are named: each is copied out, so that what is not needed is not asked for.
   * @throws Reasoned `runtime-failed` or `out-of-memory`.
   */
  run(feeds: Feeds, outputs?: readonly string[]): Promise<Readonly<Record<string, Numbers>>>;
  dispose(): Promise<void>;
}

/**
 * Up to this size, weights are packed for ONNX Runtime's kernels when a session is created: a fifth faster, for as much
 * memory as the file's own pages would take. Larger weights stay in the mapped file, whose pages the system can drop.
 */
const PACKED_BYTES = 2e9;

/** The types of weights that lie in their file in halves. */
const HALF_TYPES: readonly ElementType[] = ['float16', 'bfloat16'];

/**
 * The optimizers that a graph with weights in halves does without: one would widen them once and for all, which takes the
 * memory that they were to save; the other fails where a loop reads what is widened outside of it.
 */
function leftOut({ nodes }: Graph): string[] {
  const hasLoop = nodes.some(({ operator }) => operator === 'Loop');
  return ['ConstantFolding', ...(hasLoop ? ['FuseFp16InitializerToFp32NodeTransformer'] : [])];
}

/** Opens a graph. Weights are mapped from their files and never copied by us. */
export async function createSession(graph: Graph, options: SessionOptions): Promise<Session> {
  const { InferenceSession, Tensor } = await runtime();
  const { weightsFolder, provider, profilePrefix } = options;
  const session = await InferenceSession.create(serialize(graph, weightsFolder), runtimeOptions(graph, options));
  return {
    async run(feeds, outputs = session.outputNames) {
      const tensors = Object.entries(feeds).map(([name, feed]) => [name, tensorOf(feed, Tensor)] as const);
      const results = await session.run(Object.fromEntries(tensors), [...outputs]).catch((error: unknown) => {
        throw runtimeFailure('while running the model', error, typeof provider === 'string' ? provider : provider.name);
      });
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Numbers]));
    },
    async dispose() {
      if (profilePrefix !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

function runtimeOptions(
  graph: Graph,
  { weightsFolder, provider, threads, returnsMemory = false, profilePrefix }: SessionOptions,
): InferenceSession.SessionOptions {
  const keptInHalves = graph.initializers.some(({ tensor }) => HALF_TYPES.includes(tensor.type));
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    enableCpuMemArena: !returnsMemory,
    logSeverityLevel: 4,
    ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
    extra: {
      session: {
        model_external_initializers_file_folder_path: weightsFolder,
        disable_prepacking: returnsMemory || weightBytes(graph) > PACKED_BYTES ? '1' : '0',
        // Else the threads of one session go on spinning after its run and take the cores from the next session's:
        // trunk and head by turns took twice as long.
        force_spinning_stop: '1',
      },
      ...(keptInHalves && { optimization: { disable_specified_optimizers: leftOut(graph).join(';') } }),
    },
  };
}

function tensorOf({ data, shape }: Feed, Tensor: typeof RuntimeTensor): RuntimeTensor {
  if (data instanceof Float32Array) return new Tensor('float32', data, shape);
  if (data instanceof Float64Array) return new Tensor('float64', data, shape);
  if (data instanceof Uint8Array) return new Tensor('bool', data, shape);
  return data instanceof BigInt64Array ? new Tensor('int64', data, shape) : new Tensor('int32', data, shape);
}

/** Of those that are packed or not; blocks always are, since only then they are multiplied as whole numbers. */
const weightBytes = (graph: Graph): number =>
  graph.initializers.reduce((sum, { data }) => sum + ('sizeBytes' in data ? data.sizeBytes : 0), 0);

/** What the symbols in the shapes of inputs stand for, by what they are given. */
export function sizesIn(inputs: ReadonlyArray<Pick<Tensor, 'name' | 'shape'>>, feeds: Feeds): Sizes {
  const sizes: Record<string, number> = {};
  for (const { name, shape } of inputs)
    for (const [axis, size] of (feeds[name]?.shape ?? []).entries()) sizes[shape[axis] as string] = size;
  return sizes;
}

/** Whole numbers as ONNX wants indices: int64. */
export const int64 = (values: ArrayLike<number>, shape: readonly number[] = [values.length]): Feed => ({
  data: BigInt64Array.from(values as number[], BigInt),
  shape,
});

/** Indices of rows that are many: half the bytes, and no BigInt for each. */
export const int32 = (data: Int32Array, shape: readonly number[] = [data.length]): Feed => ({ data, shape });

export const truth = (data: Uint8Array, shape: readonly number[]): Feed => ({ data, shape });

/** Where sums over a vocabulary must not lose what single precision loses. */
export const float64 = (data: Float64Array, shape: readonly number[] = [data.length]): Feed => ({ data, shape });

export const float32 = (data: Float32Array, shape: readonly number[]): Feed => ({ data, shape });
