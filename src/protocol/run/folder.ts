import type { Reason } from '../result.ts';
import type { Part, RunSpec } from './spec.ts';

/** The files of a run folder: a trainer reads run.json and writes the rest; everyone else only reads. */
export const RUN_FILES = {
  spec: 'run.json',
  status: 'status.json',
  lock: 'lock',
  metrics: 'metrics.jsonl',
  samples: 'samples.jsonl',
  split: 'split.json',
  data: 'data',
  result: 'result.json',
  model: 'model',
  best: 'best',
  checkpoints: 'checkpoints',
  stop: 'stop',
  log: 'log.txt',
} as const;

export type RunState = 'queued' | 'preparing' | 'running' | 'stopping' | 'stopped' | 'finished' | 'failed';

/** Times are ISO 8601 in UTC. */
export interface RunStatus {
  readonly state: RunState;
  readonly host: string;
  readonly processId: number;
  readonly heartbeatAt: string;
  readonly startedAt: string;
  /** Updates done. */
  readonly step: number;
  /** 0 until the data is prepared. */
  readonly totalSteps: number;
  readonly device: string;
  readonly error?: Reason;
  /** While `preparing`: what is being done, and how far it has come. */
  readonly preparing?: { readonly message: string; readonly done: number; readonly total?: number };
}

/** Who holds a run. */
export interface RunLock {
  readonly host: string;
  readonly processId: number;
}

/**
 * A line of metrics.jsonl. Each step that is logged has the figures of that step; an evaluation has its own line or
 * stands in the step's. Which further figures there are is the method's to say.
 */
export interface MetricsLine {
  readonly step: number;
  readonly epoch: number;
  readonly examplesSeen: number;
  readonly tokensSeen: number;
  readonly elapsedSeconds: number;
  readonly tokensPerSecond: number;
  readonly loss?: number;
  readonly learningRate?: number;
  readonly gradientNorm?: number;
  readonly accuracy?: number;
  readonly evalLoss?: number;
  readonly trainEvalLoss?: number;
  readonly evalAccuracy?: number;
  readonly trainAccuracy?: number;
  /** The mean over the steps of the epoch that ends here. */
  readonly epochLoss?: number;
  readonly [metric: string]: number | undefined;
}

/** A line of samples.jsonl: what the model wrote at an evaluation. */
export interface SampleLine {
  readonly step: number;
  readonly prompt: string;
  readonly completion: string;
  readonly reference?: string;
  readonly score?: number;
}

/** split.json: numbers of rows after the steps, from 0; for lm, which is split by pieces, numbers of pieces. */
export interface SplitFile {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
  /** `part` says which file, where the parts stand in files of their own. */
  readonly leftOut: ReadonlyArray<{ readonly row: number; readonly reason: string; readonly part?: Part }>;
  /** dpo and reward: rows whose chosen and rejected answers are equal; they are kept. */
  readonly equalPairs?: readonly number[];
}

/** The figures of one part at the end: loss, accuracy, whatever the method has. */
export type PartResult = Readonly<Record<string, number>>;

/** result.json. */
export interface RunResult {
  readonly metrics: Readonly<Partial<Record<Part, PartResult>>>;
  readonly steps: number;
  readonly wallSeconds: number;
  readonly peakMemoryBytes: number;
  /** SHA-256 of the spec. */
  readonly specHash: string;
  /** Classification: rows are true labels, columns predicted ones. */
  readonly confusion?: Readonly<
    Partial<Record<Part, { readonly labels: readonly string[]; readonly counts: ReadonlyArray<readonly number[]> }>>
  >;
  /** The step whose model stands in best/. */
  readonly bestStep?: number;
  /** What a reader should know, such as a head that transformers' own class does not have. */
  readonly notes?: readonly string[];
}

export type { RunSpec };
