import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngineService } from '../../src/engine/service.ts';
import type { DevicePreference, EngineApi } from '../../src/protocol/engine.ts';
import type { DecodingSettings } from '../../src/protocol/generation.ts';
import { placementText } from '../../src/protocol/placement.ts';
import type { Precision } from '../../src/protocol/precision.ts';
import { Reasoned, valueOf } from '../../src/protocol/result.ts';
import type { RunRequest, TrainingSpec } from '../../src/protocol/run/spec.ts';
import { type CudaReport, type CudaRow, cudaTable, describeHost, writeCudaResults } from '../cudaReport.ts';
import { commandLine, ROOT } from '../environment.ts';
import { median } from '../measures.ts';
import type { Outcome } from '../run.ts';
import { textsOf } from '../texts.ts';
import { type FinishedRun, trainByCommandLine } from '../training.ts';

/** LM_LAB_BENCH_DEVICE: another card, such as cuda:1. With cpu the suite compares the CPU with itself. */
const DEVICE = (process.env['LM_LAB_BENCH_DEVICE'] ?? 'cuda') as DevicePreference;
const STARTER = path.join(ROOT, 'models', 'starter');
const STEPS = 16;
/** The first runs of steps are short, and slower. */
const WARM_UPS = 6;
const SCORED_TOKENS = 256;
const NEW_TOKENS = 64;
const REPETITIONS = 3;
/** Relative, in float32, of steps from the first on: differences grow with each update. */
const COMPARED_STEPS = 10;
const TOLERANCE = 1e-3;
/** Of a perplexity where products are in halves. */
const HALF_TOLERANCE = 1e-2;

/** Those that are drawn several a run, and one whose tokens are asked for one by one. */
const DECODINGS: Readonly<Record<string, DecodingSettings>> = {
  'greedy decoding': { decoding: 'greedy', maxNewTokens: NEW_TOKENS },
  'sampling by top-k, top-p and temperature': {
    decoding: 'sample',
    maxNewTokens: NEW_TOKENS,
    temperature: 0.8,
    topK: 50,
    topP: 0.9,
    seed: 1,
  },
  'eight samples at once': { decoding: 'sample', maxNewTokens: NEW_TOKENS, count: 8, seed: 1 },
  'four beams': { decoding: 'beam', maxNewTokens: NEW_TOKENS, beams: 4 },
};

const sample = (...names: string[]): string => path.join(ROOT, 'samples', ...names);
const split = { train: 0.9, validation: 0.1, test: 0 };

type Run = Pick<RunRequest, 'method' | 'dataset' | 'trainable'> & { readonly training?: Partial<TrainingSpec> };

const preferences = { file: sample('instruction-data-with-preference.json'), steps: [{ take: 100 }], split };

/** Each method, what may train, and what changes the graph: accumulation, dropout. */
const RUNS: Readonly<Record<string, Run>> = {
  'lm, full lengths': {
    method: 'lm',
    dataset: { file: sample('SST-2', 'train.tsv'), columns: { text: 'sentence' }, steps: [{ take: 1500 }], split },
    training: { maxLength: 128 },
  },
  'sft, completions only': {
    method: 'sft',
    dataset: { file: sample('instruction-data.json'), steps: [{ take: 200 }], split },
  },
  'sft, LoRA, dropout, accumulation 2': {
    method: 'sft',
    dataset: { file: sample('instruction-data.json'), steps: [{ take: 200 }], split },
    training: { batchSize: 4, accumulation: 2, dropout: 0.1 },
    trainable: { lora: { rank: 16 } },
  },
  'classification, all layers': { method: 'classification', dataset: messages() },
  'classification, last block': {
    method: 'classification',
    dataset: messages(),
    trainable: { layers: { last: 1 } },
  },
  dpo: { method: 'dpo', dataset: preferences, training: { batchSize: 4 } },
  reward: { method: 'reward', dataset: preferences, training: { batchSize: 4 } },
};

function messages() {
  const columns = { label: 'column1', text: 'column2' };
  return { file: sample('sms-spam.tsv'), columns, steps: [{ balance: 'column1' }, { take: 200 }], split };
}

/**
 * Runs everything on CUDA and on the CPU, with the starter model: figures must be the same, and times stand side by side.
 * @throws Reasoned `cuda-missing` where there is none.
 */
export async function cudaSuite(signal: AbortSignal): Promise<Outcome> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-bench-'));
  const engine = createEngineService({ starterFolder: STARTER, home: scratch, log: () => {} });
  try {
    await requireDevice(engine);
    const nodes = placementText(await valueOf(engine.placement({ model: 'starter', device: DEVICE }, { signal })));
    const rows: CudaRow[] = [];
    for (const precision of ['f32', 'f16', 'bf16'] as const) rows.push(await scoring(engine, precision, signal));
    for (const [name, settings] of Object.entries(DECODINGS)) rows.push(await decoding(engine, name, settings, signal));
    for (const [name, run] of Object.entries(RUNS)) rows.push(await training(name, run, scratch, signal));
    const report: CudaReport = { suite: 'cuda', device: DEVICE, host: describeHost(DEVICE), rows, nodes };
    writeCudaResults(report);
    return { report, table: `${cudaTable(rows)}\n\n${nodes}` };
  } finally {
    await engine.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function requireDevice(engine: EngineApi): Promise<void> {
  const loaded = await engine.load({ model: 'starter', device: DEVICE });
  if (loaded.ok) return;
  throw new Reasoned(
    'cuda-missing',
    `There is no CUDA here, so that nothing of this suite was run. ${loaded.error.message}`,
    'Run it on Linux x64 with an NVIDIA card and the CUDA libraries (the command “Install CUDA Files…”).',
  );
}

/** On the device in a precision, beside float32 on the CPU. */
async function scoring(engine: EngineApi, precision: Precision, signal: AbortSignal): Promise<CudaRow> {
  const texts = await textsOf(SCORED_TOKENS, 1 + REPETITIONS, STARTER);
  const on = async (device: DevicePreference, precision: Precision) => {
    const seconds: number[] = [];
    const perplexities: number[] = [];
    for (const text of texts) {
      const start = performance.now();
      const request = { model: 'starter', device, precision, texts: [text], firstToken: 'unscored', top: 10 } as const;
      const scored = await valueOf(engine.score(request, { signal }));
      seconds.push((performance.now() - start) / 1000);
      perplexities.push(scored.texts[0]?.perplexity ?? Number.NaN);
    }
    return { rate: SCORED_TOKENS / median(seconds.slice(1)), figures: perplexities };
  };
  const sides = [await on(DEVICE, precision), await on('cpu', 'f32')] as const;
  return compared(`scoring in ${precision}`, 'tokens/s', ...sides, precision === 'f32' ? TOLERANCE : HALF_TOLERANCE);
}

async function decoding(
  engine: EngineApi,
  measure: string,
  settings: DecodingSettings,
  signal: AbortSignal,
): Promise<CudaRow> {
  const texts = await textsOf(64, 1 + REPETITIONS, STARTER);
  const on = async (device: DevicePreference) => {
    const rates: number[] = [];
    const figures: number[] = [];
    for (const prompt of texts) {
      const request = { model: 'starter', device, prompt, settings: [settings], top: 0 };
      const { columns } = await valueOf(engine.generate(request, { signal }));
      const { generations = [], tokensPerSecond = Number.NaN } = columns[0] ?? {};
      rates.push(generations.length * tokensPerSecond);
      figures.push(...generations.flatMap(({ tokens }) => tokens.map(({ probability }) => probability)));
    }
    return { rate: median(rates.slice(1)), figures };
  };
  return compared(measure, 'tokens/s', await on(DEVICE), await on('cpu'));
}

async function training(name: string, run: Run, scratch: string, signal: AbortSignal): Promise<CudaRow> {
  const on = async (device: DevicePreference) => {
    const request: RunRequest = {
      ...run,
      model: STARTER,
      device,
      training: {
        shuffle: false,
        batchSize: 8,
        maxSteps: STEPS,
        evaluateEvery: 1e6,
        evaluationBatches: 1,
        checkpointEvery: 1e6,
        ...run.training,
      },
    };
    const finished = await trainByCommandLine(
      commandLine(),
      request,
      await mkdtemp(path.join(scratch, 'run-')),
      signal,
    );
    return { rate: examplesPerSecond(finished), figures: figuresOf(finished) };
  };
  return compared(name, 'examples/s', await on(DEVICE), await on('cpu'));
}

function figuresOf({ metrics }: FinishedRun): number[] {
  const steps = metrics.filter(({ loss, step }) => loss !== undefined && step <= COMPARED_STEPS);
  return steps.flatMap(({ loss, gradientNorm }) => [loss ?? Number.NaN, gradientNorm ?? Number.NaN]);
}

function examplesPerSecond({ metrics }: FinishedRun): number {
  const at = (step: number) => metrics.find(line => line.step === step && line.loss !== undefined);
  const [from, to] = [at(WARM_UPS), at(STEPS)];
  if (!from || !to) return Number.NaN;
  return (to.examplesSeen - from.examplesSeen) / (to.elapsedSeconds - from.elapsedSeconds);
}

interface Side {
  readonly rate: number;
  readonly figures: readonly number[];
}

function compared(measure: string, unit: CudaRow['unit'], cuda: Side, cpu: Side, tolerance = TOLERANCE): CudaRow {
  const differences = cpu.figures.map(
    (figure, index) => Math.abs((cuda.figures[index] ?? Number.NaN) - figure) / figure,
  );
  const difference = differences.some(Number.isNaN) ? Number.NaN : Math.max(...differences);
  const same = cuda.figures.length === cpu.figures.length && difference < tolerance;
  return { measure, unit, cuda: cuda.rate, cpu: cpu.rate, ratio: cuda.rate / cpu.rate, difference, same };
}
