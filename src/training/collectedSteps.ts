import { total } from './figures.ts';
import type { Collector, Figures, Step, StepTaker, TakenStep } from './learner.ts';
import type { InPlace } from './steps.ts';

/**
 * Steps that learn from what is collected first: as many updates as the collector makes from it, all at the step's rate,
 * each of them a step of the `taker`. What a step came to is the mean over them.
 */
export function collectedSteps(
  { spec, breathe }: Pick<InPlace, 'spec' | 'breathe'>,
  collector: Collector,
  taker: StepTaker,
): StepTaker {
  async function step({ number, learningRate, batches: rows, kept: before = {} }: Step): Promise<TakenStep> {
    const call = { draw: `${spec.seed}/${number}`, kept: before, breathe };
    const { batches, sums, kept } = await collector.collect(rows, call);
    const first = (number - 1) * collector.updates + 1;
    const taken: TakenStep[] = [];
    for (let update = first; update < first + collector.updates; update++) {
      if (update > first) await breathe();
      taken.push(...(await taker.take([{ number: update, learningRate, batches }])));
    }
    const collected: Figures = { lossSum: 0, units: 0, sums, tokens: 0 };
    const figures = taken.flatMap(({ figures }, index) => (index === 0 ? figures : figures.map(withoutTokens)));
    const gradientNorm = total(taken.map(({ gradientNorm }) => gradientNorm)) / taken.length;
    return { figures: [...figures, collected], gradientNorm, kept };
  }
  return {
    atOnce: 1,
    async take(steps) {
      const taken = [];
      for (const each of steps) taken.push(await step(each));
      return taken;
    },
  };
}

/** The tokens of a step count once, however many updates are made from them. */
const withoutTokens = (figures: Figures): Figures => ({ ...figures, tokens: 0 });
