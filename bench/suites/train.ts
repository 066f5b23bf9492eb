import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import type { RunRequest } from '../../src/protocol/run/spec.ts';
import { ROOT, randomModel } from '../environment.ts';
import {
  type Beside,
  besidePyTorch,
  type Contest,
  instructionTuning,
  mostlyTraining,
  secondsBetween,
  secondsOf,
  stepsAlone,
} from '../contest.ts';
import { comparison, mediansOf } from '../measures.ts';
import { markdownTable, type Row } from '../report.ts';
import type { Bench, Measured } from '../run.ts';

/** Each takes minutes: LM_LAB_BENCH_REPETITIONS sets another number. */
const REPETITIONS = Number(process.env['LM_LAB_BENCH_REPETITIONS'] ?? 3);
/** The first steps are slower: memory is touched for the first time. */
const WARM_UPS = 3;
const STEPS = 10;
const CLASSIFIED_ROWS = 160;
const LABELS = ['ham', 'spam'];

/**
 * Instruction tuning, full lengths, the last block of a classifier and preferences, each as a row with its goal. A run ends with
 * the figures of all its rows, so that there are few more of them than steps need.
 */
export async function trainSuite(bench: Bench): Promise<Measured> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-bench-'));
  const contest: Contest = { bench, scratch, threads: availableParallelism(), repetitions: REPETITIONS };
  try {
    const rows: Row[] = [];
    const found = (...more: readonly Row[]): void => {
      rows.push(...more);
      console.error(markdownTable({ rows: more })); // all of it takes a quarter of an hour
    };
    const preferred = await besidePyTorch(contest, preferences(bench.model), STEPS, 'preference_side.py');
    found(
      higherRate('DPO, 4 pairs of answers, beside TRL', 'pairs/s', preferred, 2.5),
      lessMemory('peak memory of DPO, beside TRL', preferred, 0.75),
    );
    const instructions = await besidePyTorch(contest, instructionTuning(bench.model, STEPS), STEPS);
    found(
      higherRate('instruction tuning, completions only, 8 rows of any length', 'examples/s', instructions, 2.5),
      lessMemory('peak memory of instruction tuning', instructions, 0.75),
    );
    const classifier = await randomModel(bench.python, bench.signal, LABELS);
    const classified = await besidePyTorch(contest, lastBlock(classifier), 2 * stepsOfEpoch());
    found(fasterEpochs('classification of SMS by the last block, an epoch from the second on', classified, 4));
    const full = await besidePyTorch(contest, fullLengths(bench.model), STEPS);
    found(
      higherRate('all tokens of full lengths, 4 x 256', 'examples/s', full, 1.4),
      lessMemory('peak memory at full lengths', full, 0.75),
    );
    return { rows, threads: contest.threads, repetitions: REPETITIONS };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const fullLengths = (model: string): RunRequest => ({
  method: 'lm',
  model,
  dataset: {
    file: path.join(ROOT, 'samples', 'SST-2', 'train.tsv'),
    columns: { text: 'sentence' },
    steps: [{ take: 2000 }],
    split: mostlyTraining(),
  },
  training: stepsAlone({ batchSize: 4, maxLength: 256, maxSteps: STEPS }),
});

const lastBlock = (model: string): RunRequest => ({
  method: 'classification',
  model,
  dataset: {
    file: path.join(ROOT, 'samples', 'sms-spam.tsv'),
    columns: { label: 'column1', text: 'column2' },
    steps: [{ balance: 'column1' }, { take: CLASSIFIED_ROWS }],
    split: mostlyTraining(),
  },
  training: stepsAlone({ batchSize: 8, epochs: 3 }),
  trainable: { layers: { last: 1 } },
});

/** The reference's answers are computed before the first step, and their time is not that of steps. */
const preferences = (model: string): RunRequest => ({
  method: 'dpo',
  model,
  dataset: {
    file: path.join(ROOT, 'samples', 'instruction-data-with-preference.json'),
    steps: [{ take: 4 * (STEPS + 2) }],
    split: mostlyTraining(),
  },
  training: stepsAlone({ batchSize: 4, maxSteps: STEPS }),
});

const stepsOfEpoch = (): number => Math.ceil((CLASSIFIED_ROWS * 0.9) / 8);

function higherRate(measure: string, unit: 'examples/s' | 'pairs/s', results: readonly Beside[], goal: number): Row {
  const [ours, theirs] = mediansOf(
    results.map(({ ours, theirs }) => {
      const warm = theirs.steps.slice(WARM_UPS);
      const examples = warm.reduce((sum, step) => sum + step.examples, 0);
      return [examples / secondsBetween(ours, WARM_UPS, STEPS), examples / secondsOf(warm)];
    }),
  );
  return comparison(measure, unit, ours, theirs, ours / theirs, goal);
}

function fasterEpochs(measure: string, results: readonly Beside[], goal: number): Row {
  const epoch = stepsOfEpoch();
  const [ours, theirs] = mediansOf(
    results.map(({ ours, theirs }) => [
      secondsBetween(ours, epoch, 3 * epoch) / 2,
      secondsOf(theirs.steps.slice(epoch, 2 * epoch)),
    ]),
  );
  return comparison(measure, 's', ours, theirs, theirs / ours, goal);
}

function lessMemory(measure: string, results: readonly Beside[], goal: number): Row {
  const [ours, theirs] = mediansOf(results.map(({ ours, theirs }) => [ours.peakBytes / 1e6, theirs.peakBytes / 1e6]));
  const ratio = ours / theirs;
  return { measure, unit: 'MB', ours, transformers: theirs, ratio, goal: `at most ${goal} of it`, met: ratio <= goal };
}
