import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { Reasoned } from '../../src/protocol/result.ts';
import type { RunRequest, TrainingSpec } from '../../src/protocol/run/spec.ts';
import { ROOT, randomModel } from '../environment.ts';
import { comparison, mediansOf } from '../measures.ts';
import type { Row } from '../report.ts';
import type { Bench, Measured } from '../run.ts';
import { type FinishedRun, type PythonSide, type PythonStep, trainByCommandLine, trainByPython } from '../training.ts';

/** Each takes minutes: LM_LAB_BENCH_REPETITIONS sets another number. */
const REPETITIONS = Number(process.env['LM_LAB_BENCH_REPETITIONS'] ?? 3);
/** The first steps are slower: memory is touched for the first time. */
const WARM_UPS = 3;
const STEPS = 10;
const CLASSIFIED_ROWS = 160;
const LABELS = ['ham', 'spam'];
/** Of losses and gradient norms of the first steps. */
const TOLERANCE = 1e-3;

interface Contest {
  readonly bench: Bench;
  readonly scratch: string;
  readonly threads: number;
}

/** Both sides of one repetition. */
interface Beside {
  readonly ours: FinishedRun;
  readonly theirs: { readonly steps: readonly PythonStep[]; readonly peakBytes: number };
}

/**
 * Instruction tuning, full lengths, the last block of a classifier and preferences, each as a row with its goal. A run ends with
 * the figures of all its rows, so that there are few more of them than steps need.
 */
export async function trainSuite(bench: Bench): Promise<Measured> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-bench-'));
  const contest: Contest = { bench, scratch, threads: availableParallelism() };
  try {
    const instructions = await repeated(contest, instructionTuning(bench.model), STEPS);
    const full = await repeated(contest, fullLengths(bench.model), STEPS);
    const classifier = await randomModel(bench.python, bench.signal, LABELS);
    const classified = await repeated(contest, lastBlock(classifier), 2 * stepsOfEpoch());
    const preferred = await repeated(contest, preferences(bench.model), STEPS, 'preference_side.py');
    const rows = [
      higherRate('instruction tuning, completions only, 8 rows of any length', 'examples/s', instructions, 2.5),
      higherRate('all tokens of full lengths, 4 x 256', 'examples/s', full, 1.4),
      fasterEpochs('classification of SMS by the last block, an epoch from the second on', classified, 4),
      higherRate('DPO, 4 pairs of answers, beside TRL', 'pairs/s', preferred, 2.5),
      lessMemory('peak memory of instruction tuning', instructions, 0.75),
      lessMemory('peak memory at full lengths', full, 0.75),
      lessMemory('peak memory of DPO, beside TRL', preferred, 0.75),
    ];
    return { rows, threads: contest.threads, repetitions: REPETITIONS };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Nothing but steps: no evaluation between them, no checkpoint, rows in file order. */
const stepsAlone = (training: Partial<TrainingSpec>): Partial<TrainingSpec> => ({
  shuffle: false,
  evaluateEvery: 1e6,
  evaluationBatches: 1,
  checkpointEvery: 1e6,
  ...training,
});

const instructionTuning = (model: string): RunRequest => ({
  method: 'sft',
  model,
  dataset: {
    file: path.join(ROOT, 'samples', 'instruction-data.json'),
    steps: [{ take: 8 * (STEPS + 2) }],
    split: mostlyTraining(),
  },
  training: stepsAlone({ batchSize: 8, maxSteps: STEPS }),
});

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

const mostlyTraining = () => ({ train: 0.9, validation: 0.1, test: 0 });

const stepsOfEpoch = (): number => Math.ceil((CLASSIFIED_ROWS * 0.9) / 8);

/** In turns, so that what slows the machine slows both. */
async function repeated(
  { bench, scratch, threads }: Contest,
  request: RunRequest,
  steps: number,
  side: PythonSide = 'training_side.py',
): Promise<Beside[]> {
  const { python, signal } = bench;
  const results: Beside[] = [];
  for (let n = 0; n < REPETITIONS; n++) {
    const folder = path.join(scratch, `${request.method}-${n}`);
    const asked = { ...request, device: 'cpu', threads };
    const ours = await trainByCommandLine(bench.cli, asked, folder, signal);
    const theirs = await trainByPython({ python, side }, ours.folder, threads, steps, signal);
    requireSameTrajectory(ours, theirs.steps);
    await rm(folder, { recursive: true });
    results.push({ ours, theirs });
  }
  return results;
}

function requireSameTrajectory({ metrics }: FinishedRun, theirs: readonly PythonStep[]): void {
  for (const { step, loss, gradientNorm } of theirs.slice(0, 10)) {
    const own = metrics.find(line => line.step === step && line.loss !== undefined);
    const differences = [(own?.loss ?? Number.NaN) / loss, (own?.gradientNorm ?? Number.NaN) / gradientNorm];
    if (differences.every(ratio => Math.abs(ratio - 1) < TOLERANCE)) continue;
    throw new Reasoned(
      'bench-differs',
      `Step ${step}: loss ${own?.loss}, gradient norm ${own?.gradientNorm} here; ${loss}, ${gradientNorm} by PyTorch.`,
      'Run the parity tests: times of different computations can’t be compared.',
    );
  }
}

/** Seconds from the end of one step to that of another, of a run that logs each. */
function secondsBetween({ metrics }: FinishedRun, from: number, to: number): number {
  const at = (step: number): number =>
    metrics.find(line => line.step === step && line.loss !== undefined)?.elapsedSeconds ?? Number.NaN;
  return at(to) - at(from);
}

const secondsOf = (steps: readonly PythonStep[]): number => steps.reduce((sum, { seconds }) => sum + seconds, 0);

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
