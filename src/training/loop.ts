import { Reasoned } from '../protocol/result.ts';
import type { MetricsLine, SampleLine } from '../protocol/run/folder.ts';
import type { TrainingSpec } from '../protocol/run/spec.ts';
import { microBatches, orderOfEpoch } from './batches.ts';
import { bestWith } from './best.ts';
import { collectedSteps } from './collectedSteps.ts';
import { evaluationFigures, type Parts } from './evaluation.ts';
import { type Means, meansOf, total } from './figures.ts';
import type { Learner, MicroBatch, Step, TakenStep } from './learner.ts';
import type { Optimizer } from './optimizer/optimizer.ts';
import type { Plan } from './plan.ts';
import type { SampleCall } from './samples.ts';
import { scheduleOf } from './schedules.ts';
import type { TrainingState } from './state.ts';
import { stepsInPlace } from './steps.ts';

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
  const takeSteps = stepper(training, clock);
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
    for await (const step of takeSteps(state)) {
      state = step.state;
      yield step;
    }
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

/**
 * The next steps, as many as are taken at once and as nothing is due between: each an update by the gradient of the mean
 * over all of its units, clipped, at the schedule's rate.
 */
function stepper(training: Training, clock: Stopwatch): (state: TrainingState) => AsyncGenerator<StepEvent> {
  const { spec, plan, learner, optimizer } = training;
  const rateAt = scheduleOf(spec, plan.totalSteps);
  const batchesOf = batchesOfSteps(training);
  const updates = learner.stepsOnDevice?.(optimizer.moments) ?? stepsInPlace(training);
  const taker = learner.collector ? collectedSteps(training, learner.collector, updates) : updates;
  return async function* (state) {
    const begun = clock();
    const steps = Array.from({ length: stepsUntilDue(plan, state.step, taker.atOnce) }, (_, index) => {
      const done = state.step + index;
      return { number: done + 1, learningRate: rateAt(done), batches: batchesOf(done), kept: state.kept };
    });
    const taken = await taker.take(steps);
    const seconds = (clock() - begun) / steps.length;
    for (const [index, each] of taken.entries()) {
      const time = { elapsedSeconds: begun + seconds * (index + 1), seconds };
      const event = told(plan, state, { ...(steps[index] as Step), ...each }, time);
      state = event.state;
      yield event;
    }
  };
}

/** Steps until an evaluation or a checkpoint is to be made, or the end is reached; `most` at most. */
function stepsUntilDue({ totalSteps, evaluatesAfter, checkpointsAfter }: Plan, step: number, most: number): number {
  const last = Math.min(totalSteps, step + most);
  let next = step + 1;
  while (next < last && !evaluatesAfter(next) && !checkpointsAfter(next)) next++;
  return next - step;
}

function told(
  plan: Plan,
  before: TrainingState,
  { number: step, learningRate, batches, figures, gradientNorm, kept = before.kept }: Step & TakenStep,
  { elapsedSeconds, seconds }: { readonly elapsedSeconds: number; readonly seconds: number },
): StepEvent {
  const means = meansOf(figures);
  if (!Number.isFinite(means.loss)) throw notANumber(step, 'loss', means.loss);
  if (!Number.isFinite(gradientNorm)) throw notANumber(step, 'gradient norm', gradientNorm);
  const tokensPerSecond = means.tokens / seconds;
  const stepped = { ...advanced(before, batches, means), step, kept, elapsedSeconds, tokensPerSecond };
  const state = plan.endsEpoch(step) ? { ...stepped, epochLossSum: 0, epochLossSteps: 0 } : stepped;
  if (!plan.logs(step)) return { kind: 'step', state };
  const line = { ...lineAt(stepped, plan), loss: means.loss, learningRate, gradientNorm, ...means.others };
  const epoch = plan.endsEpoch(step) && { epochLoss: stepped.epochLossSum / stepped.epochLossSteps };
  return { kind: 'step', state, line: { ...line, ...epoch } };
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
