import type { Tensor } from '../../onnx/graph.ts';
import {
  add,
  and,
  cast,
  exp,
  greater,
  less,
  multiply,
  negate,
  or,
  relu,
  scale,
  square,
  subtract,
} from '../../onnx/operators/elementwise.ts';
import { linearTransposed } from '../../onnx/operators/matrix.ts';
import { float32 } from '../../onnx/session.ts';
import { idsOf } from '../examples/examples.ts';
import { openCollector } from '../experience/collector.ts';
import { experienceOf, stateReadings, stateTargets } from '../experience/rollouts.ts';
import { answerLosses } from '../experience/temperature.ts';
import type { MicroBatch } from '../learner.ts';
import type { Method } from './method.ts';

// Letters in shapes: N states of the responses of a batch.

/**
 * Proximal policy optimization (Schulman et al. 2017, equation 7) of a language model (Ziegler et al. 2019; Stiennon et
 * al. 2020), as trl.experimental.ppo of TRL 1.12.0, the last release that has it: the policy loss is the mean over the
 * step's tokens, half the squared error of the value the mean over its states. Policy and value share the trunk.
 */
export const ppo: Method = {
  name: 'ppo',
  scoring: null,
  values: true,
  openCollector,
  units: batch => statesOf(batch).length,
  readings: stateReadings,
  build(ending) {
    const { hidden, head, setting } = ending;
    if (!head.value) throw new RangeError('a policy has a value head');
    const { clipRange, valueClipRange, valueCoefficient } = setting.spec.ppo;
    const given = (name: string): Tensor => hidden.graph.input(name, 'float32', ['N', 1]);
    const constant = (value: number): Tensor => hidden.graph.scalar(value);

    const logps = negate(answerLosses(ending)); // [N, 1]
    const ratio = exp(subtract(logps, given('oldLogps')));
    const advantages = given('advantages');
    const [least, most] = [constant(1 - clipRange), constant(1 + clipRange)];
    const blame = negate(advantages);
    const policyLosses = larger(multiply(blame, ratio), multiply(blame, clipped(ratio, least, most)));
    const clips = or(
      and(greater(advantages, constant(0)), greater(ratio, most)),
      and(less(advantages, constant(0)), less(ratio, least)),
    );

    const values = add(linearTransposed(hidden, head.value.weight), head.value.bias); // [N, 1]
    const [old, returns] = [given('oldValues'), given('returns')];
    const near = clipped(values, subtract(old, constant(valueClipRange)), add(old, constant(valueClipRange)));
    const errors = larger(square(subtract(values, returns)), square(subtract(near, returns)));

    const losses = add(multiply(policyLosses, given('tokenShares')), scale(errors, valueCoefficient / 2));
    return { losses, outputs: { logps, values, policyLosses, errors, clips: cast(clips, 'float32') } };
  },
  feeds(batch, readings) {
    const { logps, values, advantages, returns, offsets } = experienceOf(batch);
    const states = statesOf(batch);
    const column = (of: (state: number) => number) => float32(Float32Array.from(states, of), [states.length, 1]);
    // The mean over states of what is the mean over tokens times this share is the mean over tokens.
    const share = (offsets.at(-1) as number) / tokenCount(batch);
    const tokens = statesWithToken(batch);
    return {
      targets: stateTargets(readings),
      oldLogps: column(state => logps[state] as number),
      oldValues: column(state => values[state] as number),
      advantages: column(state => advantages[state] as number),
      returns: column(state => returns[state] as number),
      tokenShares: column(state => (tokens.has(state) ? share : 0)),
    };
  },
  figures(batch, purpose, losses, outputs) {
    const numbers = (name: string): Float32Array => outputs[name] as Float32Array;
    const states = statesOf(batch);
    const sums = { valueLoss: { sum: sum(numbers('errors')) / 2, count: states.length } };
    const figures = { lossSum: sum(losses), units: states.length, sums };
    if (purpose === 'evaluate') return figures; // of answers that were just written nothing is clipped yet
    const tokens = statesWithToken(batch);
    const { logps, longest } = experienceOf(batch);
    const ofTokens = (of: (at: number, state: number) => number): number =>
      states.reduce((total, state, at) => (tokens.has(state) ? total + of(at, state) : total), 0);
    const mean = (name: string) => ({ sum: ofTokens(at => numbers(name)[at] as number), count: tokens.size });
    const squares = ofTokens((at, state) => ((numbers('logps')[at] as number) - (logps[state] as number)) ** 2);
    return {
      ...figures,
      sums: {
        ...sums,
        policyLoss: mean('policyLosses'),
        clipFraction: mean('clips'),
        // Over what is padded to the longest response too, as TRL has it.
        approximateKl: { sum: squares / 2, count: batch.rows.length * longest },
      },
    };
  },
};

/** The numbers of the batch's states among all of its examples. */
const statesOf = (batch: MicroBatch): number[] =>
  batch.rows.flatMap(row => {
    const { offsets } = experienceOf(batch);
    const [first, end] = [offsets[row] as number, offsets[row + 1] as number];
    return Array.from({ length: end - first }, (_, state) => first + state);
  });

/** Those of them that a token follows. */
function statesWithToken(batch: MicroBatch): Set<number> {
  const { offsets } = experienceOf(batch);
  return new Set(
    batch.rows.flatMap(row =>
      Array.from({ length: responseTokens(batch, row) }, (_, token) => (offsets[row] as number) + token),
    ),
  );
}

const responseTokens = ({ examples }: MicroBatch, row: number): number =>
  idsOf(examples, row).length - (examples.promptTokens[row] as number);

/** Tokens of all responses of the step, of which the batch may be a part. */
const tokenCount = ({ examples }: MicroBatch): number => examples.scored.reduce((sum, scored) => sum + scored, 0);

/** Elementwise; what is added where the second is larger has its gradient. */
const larger = (a: Tensor, b: Tensor): Tensor => add(a, relu(subtract(b, a)));
const smaller = (a: Tensor, b: Tensor): Tensor => subtract(a, relu(subtract(a, b)));

/** Within bounds; outside of them without a gradient. */
const clipped = (x: Tensor, least: Tensor, most: Tensor): Tensor => smaller(most, larger(least, x));

const sum = (numbers: Float32Array): number => numbers.reduce((total, number) => total + number, 0);
