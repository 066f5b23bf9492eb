import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import type { RunRequest } from '../../src/protocol/run/spec.ts';
import { type Beside, besidePyTorch, type Contest, instructionTuning, secondsBetween, secondsOf } from '../contest.ts';
import { writeMediumModel } from '../environment.ts';
import { besideTransformers, type Row } from '../report.ts';
import type { Bench, Measured } from '../run.ts';

/** A step takes seconds, and four are enough for the most that is held at once. */
const STEPS = 4;
/** The first one is slower: memory is touched for the first time. */
const WARM_UPS = 1;

interface Case {
  readonly measure: string;
  /** That peak memory is to stay within. */
  readonly limitBytes: number;
  readonly changes: Pick<RunRequest, 'training' | 'trainable'>;
}

/** By blocks PyTorch checkpoints activations, which is what it has of the kind. */
const CASES: readonly Case[] = [
  { measure: 'LoRA of rank 16', limitBytes: 6e9, changes: { trainable: { lora: {} } } },
  { measure: 'the last block', limitBytes: 6e9, changes: { trainable: { layers: { last: 1 } } } },
  { measure: 'all weights', limitBytes: 12e9, changes: { training: { backward: 'whole' } } },
  { measure: 'all weights, block by block', limitBytes: 12e9, changes: { training: { backward: 'blocks' } } },
];

/** Instruction tuning of gpt2-medium, eight rows a step: the most memory that it takes, and how fast it is. */
export async function mediumSuite(bench: Bench): Promise<Measured> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-bench-'));
  const contest: Contest = { bench, scratch, threads: availableParallelism(), repetitions: 1 };
  try {
    const model = path.join(scratch, 'gpt2-medium');
    await writeMediumModel(bench.python, model, bench.signal);
    const rows: Row[] = [];
    for (const each of CASES) rows.push(...rowsOf(each, await besidePyTorch(contest, requestOf(model, each), STEPS)));
    return {
      rows,
      threads: contest.threads,
      repetitions: 1,
      subject: besideTransformers('gpt2-medium with 355 million random weights'),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function requestOf(model: string, { changes }: Case): RunRequest {
  const request = instructionTuning(model, STEPS);
  return { ...request, ...changes, training: { ...request.training, ...changes.training } };
}

function rowsOf({ measure, limitBytes }: Case, results: readonly Beside[]): Row[] {
  const [{ ours, theirs }] = results as readonly [Beside];
  const bytes = ours.peakBytes;
  const warm = theirs.steps.slice(WARM_UPS);
  const rate = (seconds: number): number => warm.reduce((sum, { examples }) => sum + examples, 0) / seconds;
  const [own, other] = [rate(secondsBetween(ours, WARM_UPS, STEPS)), rate(secondsOf(warm))];
  return [
    {
      measure: `peak memory: ${measure}`,
      unit: 'MB',
      ours: bytes / 1e6,
      transformers: theirs.peakBytes / 1e6,
      ratio: bytes / limitBytes,
      goal: `at most ${limitBytes / 1e6} MB`,
      met: bytes <= limitBytes,
    },
    {
      measure: `speed: ${measure}`,
      unit: 'examples/s',
      ours: own,
      transformers: other,
      ratio: own / other,
      goal: null,
    },
  ];
}
