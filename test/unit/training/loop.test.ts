import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../../src/protocol/run/defaults.ts';
import type { MetricsLine } from '../../../src/protocol/run/folder.ts';
import type { TrainingSpec } from '../../../src/protocol/run/spec.ts';
import { rowCount } from '../../../src/training/examples/examples.ts';
import { type Ending, train, type TrainingEvent } from '../../../src/training/loop.ts';
import { createOptimizer } from '../../../src/training/optimizer/create.ts';
import { planOf } from '../../../src/training/plan.ts';
import { BEGINNING } from '../../../src/training/state.ts';
import { stepsInPlace } from '../../../src/training/steps.ts';
import { manyExamples } from './examples.ts';
import { TinyLearner, type Trouble } from './tinyLearner.ts';

interface Told {
  readonly events: readonly TrainingEvent[];
  readonly lines: readonly MetricsLine[];
  readonly steps: readonly MetricsLine[];
  readonly evaluations: readonly MetricsLine[];
  readonly ending: Ending;
}

/** 20 rows for training, 6 for validation; `stopAfter` a step's event. */
async function told(
  changes: Partial<TrainingSpec>,
  { trouble, stopAfter, atOnce }: { trouble?: Trouble; stopAfter?: number; atOnce?: number } = {},
): Promise<Told> {
  const spec: TrainingSpec = { ...DEFAULTS.training, learningRate: 0.05, ...changes };
  const parts = { train: manyExamples(20), validation: manyExamples(6), test: null };
  const learner = await TinyLearner.open(undefined, spec.dropout, trouble);
  const optimizer = createOptimizer(learner.parameters, spec);
  const breathe = async () => {};
  if (atOnce !== undefined) {
    const taker = stepsInPlace({ spec, learner, optimizer, breathe });
    Object.assign(learner, { stepsOnDevice: () => ({ ...taker, atOnce }) });
  }
  const plan = planOf(spec, rowCount(parts.train));
  const stop = new AbortController();
  const sample = async (step: number) => [{ step, prompt: 'a', completion: 'b' }];
  const loop = train({ spec, plan, learner, optimizer, parts, from: BEGINNING, sample, breathe }, stop.signal);
  const events: TrainingEvent[] = [];
  for (;;) {
    const next = await loop.next();
    if (next.done) return { events, ...linesOf(events), ending: next.value };
    events.push(next.value);
    if (next.value.kind === 'step' && next.value.state.step === stopAfter) stop.abort();
  }
}

function linesOf(events: readonly TrainingEvent[]) {
  const lines = events.flatMap(event => ('line' in event && event.line ? [event.line] : []));
  return {
    lines,
    steps: lines.filter(({ loss }) => loss !== undefined),
    evaluations: lines.filter(({ trainEvalLoss }) => trainEvalLoss !== undefined),
  };
}

const sequence = (events: readonly TrainingEvent[]): string[] =>
  events.map(event => `${event.kind} ${event.kind === 'evaluation' ? event.line.step : event.state.step}`);

test('evaluates before the first step and after the last, and saves after what was told of the step', async () => {
  const { events, ending } = await told({ maxSteps: 4, evaluateEvery: 2, checkpointEvery: 2 });
  expect(sequence(events).join(', ')).toBe(
    'evaluation 0, step 1, step 2, evaluation 2, checkpoint 2, step 3, step 4, evaluation 4, checkpoint 4',
  );
  expect(ending).toMatchObject({ reason: 'finished', state: { step: 4 } });
});

test('a stop is answered after the step with a checkpoint; the evaluation that is due is left for later', async () => {
  const { events, ending } = await told({ maxSteps: 10, evaluateEvery: 3 }, { stopAfter: 3 });
  expect(sequence(events)).toEqual(['evaluation 0', 'step 1', 'step 2', 'step 3', 'checkpoint 3']);
  expect(ending).toMatchObject({ reason: 'stopped', state: { step: 3, evaluatedStep: 0 } });
});

describe('several steps in one run', () => {
  const changes = { maxSteps: 11, evaluateEvery: 4, checkpointEvery: 3, batchSize: 4, accumulation: 2 };
  const untimed = (lines: readonly MetricsLine[]) =>
    lines.map(line => ({ ...line, elapsedSeconds: 0, tokensPerSecond: 0 }));

  test('tell what single ones tell, in the same order: a run ends where something is due', async () => {
    const [single, several] = [await told(changes), await told(changes, { atOnce: 5 })];
    expect(sequence(several.events)).toEqual(sequence(single.events));
    expect(untimed(several.lines)).toEqual(untimed(single.lines));
    const seconds = several.steps.map(({ elapsedSeconds }) => elapsedSeconds);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  });

  test('a stop is answered when the run of steps is over', async () => {
    const { events, ending } = await told({ maxSteps: 20, evaluateEvery: 20 }, { atOnce: 4, stopAfter: 5 });
    expect(sequence(events).slice(-2)).toEqual(['step 8', 'checkpoint 8']);
    expect(ending).toMatchObject({ reason: 'stopped', state: { step: 8 } });
  });

  test('a loss that is no number ends the run at its step', async () => {
    const trouble: Trouble = { loss: (step, loss) => (step === 3 ? Number.NaN : loss) };
    await expect(told({}, { trouble, atOnce: 4 })).rejects.toMatchObject({ message: 'The loss of step 3 is NaN.' });
  });
});

test('it learns', async () => {
  const { evaluations } = await told({ epochs: 20 });
  expect(evaluations.at(-1)?.trainEvalLoss).toBeLessThan(0.8 * (evaluations[0]?.trainEvalLoss as number));
});

test('what is counted along the way', async () => {
  const { steps } = await told({ epochs: 2, batchSize: 8 });
  const tokens = manyExamples(20).ids.length;
  expect(steps.map(({ step, epoch, examplesSeen }) => [step, epoch, examplesSeen])).toEqual([
    [1, 1 / 3, 8],
    [2, 2 / 3, 16],
    [3, 1, 20],
    [4, 4 / 3, 28],
    [5, 5 / 3, 36],
    [6, 2, 40],
  ]);
  expect(steps.map(({ tokensSeen }) => tokensSeen).at(-1)).toBe(2 * tokens);
  expect(steps[0]).toMatchObject({
    learningRate: 0.05,
    accuracy: expect.any(Number),
    gradientNorm: expect.any(Number),
  });
});

test('the loss of an epoch is the mean over its steps', async () => {
  const { steps } = await told({ epochs: 2, batchSize: 8 });
  const mean = (from: number): number =>
    steps.slice(from, from + 3).reduce((sum, { loss }) => sum + (loss as number), 0) / 3;
  expect(steps.map(({ epochLoss }) => epochLoss)).toEqual([
    undefined,
    undefined,
    expect.closeTo(mean(0), 12),
    undefined,
    undefined,
    expect.closeTo(mean(3), 12),
  ]);
});

test.each<Partial<TrainingSpec>>([{ shuffle: false }, { optimizer: 'sgd', shuffle: false, maxGradientNorm: 0.1 }])(
  'accumulating 8 x 1 equals 1 x 8 with %j',
  async changes => {
    const [whole, parts] = await Promise.all([
      told({ ...changes, batchSize: 8, accumulation: 1 }),
      told({ ...changes, batchSize: 1, accumulation: 8 }),
    ]);
    expect(parts.steps.length).toBe(whole.steps.length);
    for (const [index, { loss, gradientNorm, tokensSeen }] of whole.steps.entries()) {
      expect(parts.steps[index]?.tokensSeen).toBe(tokensSeen);
      expect(parts.steps[index]?.loss).toBeCloseTo(loss as number, 6);
      expect(parts.steps[index]?.gradientNorm).toBeCloseTo(gradientNorm as number, 6);
    }
  },
);

test('the first batches in file order are evaluated, or all', async () => {
  const [first, all] = await Promise.all([
    told({ maxSteps: 1, batchSize: 2, evaluationBatches: 1 }),
    told({ maxSteps: 1, evaluationBatches: null }),
  ]);
  const learner = await TinyLearner.open(undefined, 0);
  const lossOf = async (rows: number[]) => {
    const { lossSum, units } = await learner.evaluate({ examples: manyExamples(6), rows });
    return lossSum / units;
  };
  expect(first.evaluations[0]?.evalLoss).toBeCloseTo(await lossOf([0, 1]), 12);
  expect(all.evaluations[0]?.evalLoss).toBeCloseTo(await lossOf([0, 1, 2, 3, 4, 5]), 12);
});

describe('the best', () => {
  test('is told after each evaluation that is better than those before', async () => {
    const { events } = await told({ epochs: 10, evaluateEvery: 5, keepBest: 'evalLoss' });
    const best = sequence(events).filter(event => event.startsWith('best'));
    expect(best[0]).toBe('best 0');
    expect(best.length).toBeGreaterThan(3);
  });

  test('patience ends a run that gets no better', async () => {
    const { ending } = await told({
      epochs: 50,
      learningRate: 0,
      schedule: 'constant',
      evaluateEvery: 1,
      patience: 3,
    });
    expect(ending).toMatchObject({ reason: 'patience', state: { best: { metric: 'evalLoss', evaluationsSince: 3 } } });
    expect(ending.state.step).toBe(3);
  });

  test('a metric that no evaluation has is refused with those there are', async () => {
    await expect(told({ keepBest: 'evalHappiness' })).rejects.toMatchObject({
      code: 'metric-unknown',
      remedy: 'Set training.keepBest to one of evalLoss, evalAccuracy, trainEvalLoss, trainAccuracy.',
    });
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'a loss of %f ends the run, naming the step, before the update',
  async bad => {
    const trouble: Trouble = { loss: (step, loss) => (step === 3 ? bad : loss) };
    await expect(told({}, { trouble })).rejects.toMatchObject({
      code: 'loss-not-a-number',
      message: `The loss of step 3 is ${bad}.`,
    });
  },
);
