import type { Graph } from './graph.ts';
import { type InferenceSession, runtime, runtimeFailure, type RuntimeTensor } from './runtime.ts';
import { serialize } from './serialize.ts';

export interface SessionOptions {
  /** The folder above every weight file of the graph, with links resolved. */
  readonly weightsFolder: string;
  /** ONNX Runtime's name of an execution provider, with its options. */
  readonly provider: InferenceSession.ExecutionProviderConfig;
  readonly threads: number;
}

export type Numbers = Float32Array | BigInt64Array | Int32Array;

/** A value for one input: its numbers, not copied, and its shape. */
export interface Feed {
  readonly data: Numbers;
  readonly shape: readonly number[];
}

export type Feeds = Readonly<Record<string, Feed>>;

/** A graph that can be run. One call blocks the process while it lasts, so callers keep each well under a second. */
export interface Session {
  /** @throws Reasoned `runtime-failed` or `out-of-memory`. */
  run(feeds: Feeds): Promise<Readonly<Record<string, Numbers>>>;
  dispose(): Promise<void>;
}

/**
 * Weights stay where they are: ONNX Runtime maps the file and reads it in place. Packing them for its kernels would
 * double the memory and saves little at the sizes that run here, so it is off; so is the arena, which keeps what the
 * longest text once needed.
 */
export async function createSession(
  graph: Graph,
  { weightsFolder, provider, threads }: SessionOptions,
): Promise<Session> {
  const { InferenceSession, Tensor } = await runtime();
  const session = await InferenceSession.create(serialize(graph, weightsFolder), {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    enableCpuMemArena: false,
    logSeverityLevel: 3,
    extra: {
      session: { model_external_initializers_file_folder_path: weightsFolder, disable_prepacking: '1' },
    },
  });
  const typed = ({ data, shape }: Feed): RuntimeTensor => {
    if (data instanceof Float32Array) return new Tensor('float32', data, shape);
    return data instanceof BigInt64Array ? new Tensor('int64', data, shape) : new Tensor('int32', data, shape);
  };
  return {
    async run(feeds) {
      const tensors = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, typed(feed)]));
      const results = await session.run(tensors).catch((error: unknown) => {
        throw runtimeFailure('while running the model', error);
      });
      return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Numbers]));
    },
    dispose: () => session.release(),
  };
}

/** Whole numbers as ONNX wants indices: int64. */
export const int64 = (values: ArrayLike<number>, shape: readonly number[] = [values.length]): Feed => ({
  data: BigInt64Array.from(values as number[], BigInt),
  shape,
});

export const float32 = (data: Float32Array, shape: readonly number[]): Feed => ({ data, shape });
