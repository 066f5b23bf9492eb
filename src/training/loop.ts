import { Reasoned } from '../protocol/result.ts';
import type { MetricsLine, SampleLine } from '../protocol/run/folder.ts';
import type { TrainingSpec } from '../protocol/run/spec.ts';
import { microBatches, orderOfEpoch } from './batches.ts';
import { bestWith } from './best.ts';
import { evaluationFigures, type Parts } from './evaluation.ts';
import { type Means, meansOf, total } from './figures.ts';
import type { Learner, MicroBatch } from './learner.ts';
import { clipScale, gradientNorm } from './optimizer/clipping.ts';
import type { Optimizer } from './optimizer/optimizer.ts';
import type { Plan } from './plan.ts';
import type { SampleCall } from './samples.ts';
import { scheduleOf } from './schedules.ts';
import type { TrainingState } from './state.ts';

export interface Training {
  readonly spec: TrainingSpec;
  readonly plan: Plan;
  readonly learner: Learner;
  readonly optimizer: Optimizer;
  readonly parts: Parts;
  /** Where to begin: `BEGINNING`, or a checkpoint's. */
  readonly from: TrainingState;
  /** What the model writes at an evaluation. */
  sample(step: number, call: SampleCall): Promise<readonly SampleLine[]>;
  /** A moment between two native calls, in which timers and signals have their turn. */
  breathe(): Promise<void>;
}

/**
 * What happened, in order. Whoever consumes the loop has written it down before the loop goes on, so that everything
 * told before a checkpoint is in the files by then.
 */
export type TrainingEvent =
  /** A step was taken; `line` where it is one to be logged. */
  | { readonly kind: 'step'; readonly state: TrainingState; readonly line?: MetricsLine }
  | { readonly kind: 'evaluation'; readonly line: MetricsLine; readonly samples: readonly SampleLine[] }
  /** The evaluation just told was the best so far by `keepBest`. */
  | { readonly kind: 'best'; readonly state: TrainingState }
  /** What is in memory now should be saved. */
  | { readonly kind: 'checkpoint'; readonly state: TrainingState };

/** `patience`: it ran out, and what comes after would have been no better. */
export interface Ending {
  readonly reason: 'finished' | 'patience' | 'stopped';
  readonly state: TrainingState;
}

/**
 * Trains from a state to the end, or until the signal, which is seen after the step or within the evaluation under way
 * and answered with a checkpoint. It knows no method by name, and touches no file.
 * @throws Reasoned `loss-not-a-number`, and what the learner throws
 */
export async function* train(training: Training, signal: AbortSignal): AsyncGenerator<TrainingEvent, Ending> {
  const { spec, plan, from } = training;
  const clock = stopwatch(from.elapsedSeconds);
  const takeStep = stepper(training, clock);
  let state = from;
  let savedStep: number | null = from.step > 0 ? from.step : null;
  for (;;) {
    if (plan.evaluatesAfter(state.step) && state.evaluatedStep !== state.step) {
      const evaluation = await evaluate(training, state, clock, signal);
      if (evaluation) {
        state = evaluation.state;
        yield evaluation.event;
        if (spec.keepBest !== null && state.best?.step === state.step) yield { kind: 'best', state };
      }
    }
    const out = spec.patience !== null && (state.best?.evaluationsSince ?? 0) >= spec.patience;
    const due = signal.aborted || plan.checkpointsAfter(state.step);
    if (due && savedStep !== state.step) {
      savedStep = state.step;
      yield { kind: 'checkpoint', state };
    }
    if (signal.aborted) return { reason: 'stopped', state };
    if (out || state.step >= plan.totalSteps) return { reason: out ? 'patience' : 'finished', state };
    const step = await takeStep(state);
    state = step.state;
    yield step;
    await training.breathe();
  }
}

/** Seconds in all sessions of the run. */
type Stopwatch = () => number;

function stopwatch(before: number): Stopwatch {
  const start = performance.now();
  return () => before + (performance.now() - start) / 1000;
}

type StepEvent = Extract<TrainingEvent, { kind: 'step' }>;

/** One update: the gradient of the mean over all of the step's units, clipped, at the schedule's rate. */
function stepper(training: Training, clock: Stopwatch): (state: TrainingState) => Promise<StepEvent> {
  const { spec, plan, learner, optimizer } = training;
  const rateAt = scheduleOf(spec, plan.totalSteps);
  const batchesOf = batchesOfSteps(training);
  return async before => {
    const begun = clock();
    const step = before.step + 1;
    const batches = batchesOf(before.step);
    const means = await accumulate(training, step, batches);
    const norm = gradientNorm(learner.parameters);
    if (!Number.isFinite(norm)) throw notANumber(step, 'gradient norm', norm);
    const learningRate = rateAt(before.step);
    optimizer.step(step, learningRate, clipScale(norm, spec.maxGradientNorm));
    learner.clearGradients();
    const elapsedSeconds = clock();
    const tokensPerSecond = means.tokens / (elapsedSeconds - begun);
    const stepped = { ...advanced(before, batches, means), step, elapsedSeconds, tokensPerSecond };
    const figures = { loss: means.loss, learningRate, gradientNorm: norm, ...means.others };
    const state = plan.endsEpoch(step) ? { ...stepped, epochLossSum: 0, epochLossSteps: 0 } : stepped;
    if (!plan.logs(step)) return { kind: 'step', state };
    const epoch = plan.endsEpoch(step) && { epochLoss: stepped.epochLossSum / stepped.epochLossSteps };
    return { kind: 'step', state, line: { ...lineAt(stepped, plan), ...figures, ...epoch } };
  };
}

/** The micro-batches of a step, counted from 0. The order of an epoch is made once. */
function batchesOfSteps({ spec, plan, parts }: Training): (step: number) => MicroBatch[] {
  let epoch = -1;
  let order: readonly number[] = [];
  return step => {
    const wanted = Math.floor(step / plan.stepsPerEpoch);
    if (wanted !== epoch) order = orderOfEpoch(parts.train, wanted, spec);
    epoch = wanted;
    return microBatches(parts.train, order, step % plan.stepsPerEpoch, spec);
  };
}

async function accumulate(
  { learner, spec, breathe }: Training,
  step: number,
  batches: readonly MicroBatch[],
): Promise<Means> {
  const units = total(batches.map(batch => learner.unitsOf(batch)));
  const results = [];
  for (const [microBatch, batch] of batches.entries()) {
    if (microBatch > 0) await breathe();
    results.push(await learner.accumulate(batch, units, { seed: spec.seed, step, microBatch }));
  }
  const means = meansOf(results);
  if (!Number.isFinite(means.loss)) throw notANumber(step, 'loss', means.loss);
  return means;
}

const advanced = (state: TrainingState, batches: readonly MicroBatch[], { loss, tokens }: Means): TrainingState => ({
  ...state,
  examplesSeen: state.examplesSeen + total(batches.map(({ rows }) => rows.length)),
  tokensSeen: state.tokensSeen + tokens,
  epochLossSum: state.epochLossSum + loss,
  epochLossSteps: state.epochLossSteps + 1,
});

const lineAt = (
  { step, examplesSeen, tokensSeen, elapsedSeconds, tokensPerSecond }: TrainingState,
  { stepsPerEpoch }: Plan,
): MetricsLine => ({
  step,
  epoch: step / stepsPerEpoch,
  examplesSeen,
  tokensSeen,
  elapsedSeconds,
  tokensPerSecond,
});

/** Undefined where the signal came first: it is made when the run is resumed. */
async function evaluate(training: Training, before: TrainingState, clock: Stopwatch, signal: AbortSignal) {
  const { spec, plan, learner, parts, breathe } = training;
  const { batchSize, evaluationBatches } = spec;
  const options = { batchSize, batches: evaluationBatches, signal, breathe };
  const figures = await evaluationFigures(learner, parts, options);
  if (!figures) return undefined;
  const metric = spec.keepBest ?? (spec.patience === null ? null : 'evalLoss');
  const best = metric === null ? null : bestWith(before.best, metric, before.step, figures);
  const samples = await training.sample(before.step, { signal, breathe });
  if (signal.aborted) return undefined;
  const state = { ...before, evaluatedStep: before.step, best, elapsedSeconds: clock() };
  const line = { ...lineAt(state, plan), ...figures };
  return { state, event: { kind: 'evaluation', line, samples } as const };
}

const notANumber = (step: number, what: string, value: number): Reasoned =>
  new Reasoned(
    'loss-not-a-number',
    `The ${what} of step ${step} is ${value}.`,
    'Lower training.learningRate, add a warm-up or clip gradients with training.maxGradientNorm, and start again.',
  );
