/**
 * Run folders as a trainer writes them, without one: for looking at the Training Curves panel, and for its tests.
 * node test/host/runFolders.ts <folder> writes one of each state into it.
 */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { MetricsLine, RunResult, RunState, RunStatus, SampleLine } from '../../src/protocol/run/folder.ts';
import type { RunRequest } from '../../src/protocol/run/spec.ts';

export interface MadeRun {
  readonly name: string;
  readonly request: RunRequest;
  readonly state: RunState;
  readonly steps: number;
  readonly totalSteps: number;
  readonly error?: RunStatus['error'];
  readonly preparing?: RunStatus['preparing'];
  readonly evaluateEvery?: number;
  /** Of the process that the status names; absent: this one, which is alive. */
  readonly processId?: number;
  readonly seed?: number;
  readonly learningRate?: number;
}

const STEPS_AN_EPOCH = 131;

/** Numbers that fall as losses do, with noise; the same for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The lines of metrics of a classifier that learns: steps, and evaluations from before the first of them. */
export function madeMetrics({
  steps,
  totalSteps,
  evaluateEvery = 20,
  seed = 1,
  learningRate = 5e-5,
}: MadeRun): MetricsLine[] {
  const draw = random(seed);
  const lines: MetricsLine[] = [];
  const speed = (Math.sqrt(learningRate / 5e-5) * 2.2) / Math.min(totalSteps, 260);
  const lossAt = (step: number): number => 0.035 + 0.66 * Math.exp(-step * speed);
  for (let step = 0; step <= steps; step++) {
    const base = {
      step,
      epoch: step / STEPS_AN_EPOCH,
      examplesSeen: step * 8,
      tokensSeen: step * 8 * 31,
      elapsedSeconds: 1.5 + step * 1.9,
      tokensPerSecond: 128 + 12 * draw(),
    };
    const noise = (draw() + draw() + draw() - 1.5) * 0.5;
    const loss = lossAt(step) * Math.exp(noise);
    const evaluated = step % evaluateEvery === 0 && {
      evalLoss: lossAt(step) + 0.03 + 0.00002 * step + 0.01 * draw(),
      trainEvalLoss: lossAt(step) + 0.005 * draw(),
      evalAccuracy: 1 - 0.52 * Math.exp(-step * speed * 1.2) - 0.02 * draw(),
      trainAccuracy: 1 - 0.5 * Math.exp(-step * speed * 1.3) - 0.008 * draw(),
    };
    const epochEnds = step > 0 && step % STEPS_AN_EPOCH === 0 && { epochLoss: lossAt(step - STEPS_AN_EPOCH / 2) };
    const warm = Math.min(1, step / 20);
    const trained = step > 0 && {
      loss,
      learningRate: learningRate * warm * (1 - Math.max(0, step - 20) / Math.max(1, totalSteps - 20)),
      gradientNorm: 0.4 + 6 * loss * (0.6 + draw()),
      accuracy: Math.round(8 * Math.min(1, 1 - loss * 0.75 + 0.1 * draw())) / 8,
    };
    if (trained) lines.push({ ...base, ...trained, ...epochEnds });
    if (evaluated) lines.push({ ...base, ...evaluated });
  }
  return lines;
}

export const REQUEST: RunRequest = {
  method: 'classification',
  model: 'starter',
  dataset: {
    file: '../../../sms-spam.tsv',
    steps: [{ balance: 'label' }],
    columns: { label: 'column1', text: 'column2' },
  },
  training: { epochs: 5, learningRate: 5e-5, evaluateEvery: 20, warmupSteps: 20 },
  classification: { labels: ['ham', 'spam'] },
};

const PROMPTS: ReadonlyArray<readonly [string, string, string, string]> = [
  [
    'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nRewrite the sentence using a simile.\n\n### Input:\nThe car is very fast.\n\n### Response:\n',
    'The film is a film that is a film that is a film',
    'The car is as fast as a bullet.',
    'The car is as fast as lightning.',
  ],
  [
    'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nWhat type of cloud is typically associated with thunderstorms?\n\n### Response:\n',
    ', and the film is the most',
    'A thunderstorm is typically associated with cumulus clouds.',
    'The type of cloud typically associated with thunderstorms is cumulonimbus.',
  ],
];

export function madeSamples({ steps, evaluateEvery = 20 }: MadeRun): SampleLine[] {
  return Array.from({ length: Math.floor(steps / evaluateEvery) + 1 }, (_, i) => i * evaluateEvery).flatMap(step =>
    PROMPTS.map(([prompt, before, after, reference]) => ({
      step,
      prompt,
      completion: step < 40 ? before : after.slice(0, Math.round(after.length * Math.min(1, step / 120))),
      reference,
    })),
  );
}

const RESULT: RunResult = {
  metrics: {
    train: { loss: 0.0391, accuracy: 0.9904 },
    validation: { loss: 0.0723, accuracy: 0.9799 },
    test: { loss: 0.0815, accuracy: 0.9767 },
  },
  steps: 655,
  wallSeconds: 1247.3,
  peakMemoryBytes: 812_000_000,
  specHash: 'c0ffee',
  bestStep: 540,
  confusion: {
    validation: {
      labels: ['ham', 'spam'],
      counts: [
        [73, 1],
        [2, 73],
      ],
    },
    test: {
      labels: ['ham', 'spam'],
      counts: [
        [148, 2],
        [5, 145],
      ],
    },
  },
};

/** Writes a run folder in `runsFolder` and returns its path. */
export async function makeRun(runsFolder: string, run: MadeRun): Promise<string> {
  const { name, request, state, steps, totalSteps, error, preparing } = run;
  const folder = path.join(runsFolder, name);
  const write = (file: string, value: unknown) => writeFile(path.join(folder, file), JSON.stringify(value, null, 2));
  const status: RunStatus = {
    state,
    host: hostname(),
    processId: run.processId ?? process.pid,
    heartbeatAt: new Date().toISOString(),
    startedAt: new Date(Date.now() - steps * 1900).toISOString(),
    step: steps,
    totalSteps,
    device: 'cpu',
    ...(error && { error }),
    ...(preparing && { preparing }),
  };
  await mkdir(folder, { recursive: true });
  await write('run.json', request);
  await write('status.json', status);
  if (!preparing) {
    const lines = (values: readonly object[]): string => values.map(value => `${JSON.stringify(value)}\n`).join('');
    await writeFile(path.join(folder, 'metrics.jsonl'), lines(madeMetrics(run)));
    await writeFile(path.join(folder, 'samples.jsonl'), lines(madeSamples(run)));
    for (let step = Math.max(200, Math.floor(steps / 200) * 200 - 200); step <= steps; step += 200)
      await mkdir(path.join(folder, 'checkpoints', `step-${String(step).padStart(6, '0')}`), { recursive: true });
  }
  await appendFile(path.join(folder, 'log.txt'), 'preparing\nstep 1\n');
  if (state === 'finished') await write('result.json', RESULT);
  return folder;
}

/** A run of each state. */
export const RUNS: readonly MadeRun[] = [
  { name: '2026-11-20T09-00-00-sms-all-layers', request: REQUEST, state: 'finished', steps: 655, totalSteps: 655 },
  {
    name: '2026-11-20T10-00-00-sms-last-block',
    request: { ...REQUEST, trainable: { layers: { last: 1 } }, training: { ...REQUEST.training, learningRate: 2e-4 } },
    state: 'stopped',
    steps: 420,
    totalSteps: 655,
    seed: 7,
    learningRate: 2e-5,
  },
  {
    name: '2026-11-20T11-00-00-sms-mean-pooling',
    request: REQUEST,
    state: 'running',
    steps: 84,
    totalSteps: 650,
    seed: 3,
  },
  {
    name: '2026-11-20T12-00-00-instruction-data-sft',
    request: { method: 'sft', model: 'starter', dataset: { file: '../../../instruction-data.json' } },
    state: 'failed',
    steps: 45,
    totalSteps: 230,
    seed: 5,
    error: {
      code: 'loss-not-finite',
      message: 'The loss became NaN at step 46.',
      remedy: 'Lower training.learningRate (now 0.05), or set training.maxGradientNorm.',
    },
  },
  { name: '2026-11-20T12-30-00-few-steps', request: REQUEST, state: 'stopped', steps: 2, totalSteps: 100 },
  {
    name: '2026-11-20T13-00-00-preparing',
    request: REQUEST,
    state: 'preparing',
    steps: 0,
    totalSteps: 0,
    preparing: { message: 'Encoding rows', done: 620, total: 1494 },
  },
  {
    name: '2026-11-20T08-00-00-gone',
    request: REQUEST,
    state: 'running',
    steps: 230,
    totalSteps: 655,
    processId: 2 ** 22 - 3,
    seed: 9,
  },
];

if (process.argv[1] === import.meta.filename) {
  for (const run of RUNS) console.log(await makeRun(process.argv[2] ?? '.lm-lab/runs', run));
}
