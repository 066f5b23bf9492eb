import type { Tensor } from '../../onnx/graph.ts';
import { add, multiply, negate, scale, softplus, square, subtract } from '../../onnx/operators/elementwise.ts';
import { product } from '../../onnx/operators/matrix.ts';
import { float32 } from '../../onnx/session.ts';
import type { DpoSpec } from '../../protocol/run/spec.ts';
import { type Examples, sequencesOfRow, targetsOf } from '../examples/examples.ts';
import type { MicroBatch } from '../learner.ts';
import { headCrossEntropy } from '../losses/crossEntropy.ts';
import type { Method } from './method.ts';
import { nextTokens, scoredReading } from './scoredTokens.ts';

// Letters in shapes: R rows, A answers, the chosen and the rejected one of each row; N scored tokens of all, V words.

/**
 * Direct Preference Optimization (Rafailov et al. 2023, equation 7), with smoothed labels (Mitchell 2023, "cDPO"), or
 * with the squared loss of IPO (Azar et al. 2023, equation 17). The loss is the mean over rows. What the answers are
 * compared with is computed once: no second model is in memory while this one trains.
 */
export const dpo: Method = {
  name: 'dpo',
  scoring: null,
  reference: { folder: ({ dpo: { reference } }) => reference, output: 'logps' },
  units: ({ rows }) => rows.length,
  readings: batch => answersOf(batch).map(answer => scoredReading(batch.examples, answer)),
  build({ hidden, head, setting }) {
    const { graph } = hidden;
    const { beta, loss } = setting.spec.dpo;
    const targets = graph.input('targets', 'int64', ['N']);
    const tokens = headCrossEntropy(hidden, head.weight, targets).losses; // [N, 1]
    const logps = negate(product(graph.input('tokensOfAnswers', 'float32', ['A', 'N']), tokens)); // [A, 1]
    const ratios = subtract(logps, graph.input('reference', 'float32', ['A', 1]));
    const compared = LOSSES[loss].perToken ? multiply(ratios, graph.input('shares', 'float32', ['A', 1])) : ratios;
    const difference = product(graph.input('chosenLessRejected', 'float32', ['R', 'A']), compared); // [R, 1]
    const losses = LOSSES[loss].of(difference, setting.spec.dpo);
    return { losses, outputs: { logps, rewards: scale(ratios, beta) } };
  },
  feeds(batch, readings) {
    const { examples, rows } = batch;
    const answers = answersOf(batch);
    const counts = answers.map(answer => targetsOf(examples, answer).length);
    const column = (numbers: readonly number[]) => float32(Float32Array.from(numbers), [answers.length, 1]);
    return {
      targets: nextTokens(readings),
      tokensOfAnswers: float32(ofConsecutive(counts), [answers.length, sum(counts)]),
      reference: column(answers.map(answer => referenceOf(examples)[answer] as number)),
      shares: column(counts.map(count => 1 / count)),
      chosenLessRejected: float32(differences(rows.length), [rows.length, answers.length]),
    };
  },
  figures({ rows }, _, losses, outputs) {
    const { chosen, rejected } = pairsOf(outputs['rewards'] as Float32Array);
    const logps = pairsOf(outputs['logps'] as Float32Array);
    const margins = chosen.map((reward, row) => reward - (rejected[row] as number));
    const mean = (numbers: readonly number[]) => ({ sum: sum(numbers), count: rows.length });
    return {
      lossSum: sum(losses),
      units: rows.length,
      sums: {
        rewardsChosen: mean(chosen),
        rewardsRejected: mean(rejected),
        rewardsMargin: mean(margins),
        rewardsAccuracy: mean(margins.map(margin => Number(margin > 0))),
        logpsChosen: mean(logps.chosen),
        logpsRejected: mean(logps.rejected),
      },
    };
  },
};

interface Loss {
  /** Whether log-ratios are divided by the number of their answer's tokens. */
  readonly perToken: boolean;
  /** Of the log-ratio of the chosen answers less that of the rejected ones: [R, 1]. */
  of(difference: Tensor, spec: DpoSpec): Tensor;
}

const LOSSES: Readonly<Record<DpoSpec['loss'], Loss>> = {
  sigmoid: {
    perToken: false,
    of(difference, { beta, labelSmoothing }) {
      const right = softplus(scale(difference, -beta)); // -log sigmoid(beta difference)
      const flipped = softplus(scale(difference, beta));
      return add(scale(right, 1 - labelSmoothing), scale(flipped, labelSmoothing));
    },
  },
  ipo: {
    perToken: true,
    of: (difference, { beta }) => square(subtract(difference, difference.graph.scalar(1 / (2 * beta)))),
  },
};

/** The numbers of the rows' answers: chosen, rejected, chosen, … */
const answersOf = ({ examples, rows }: MicroBatch): number[] => rows.flatMap(row => sequencesOfRow(examples, row));

function referenceOf({ reference }: Examples): Float32Array {
  if (!reference) throw new RangeError('the reference model has not been asked about these examples');
  return reference;
}

/** Which of consecutive items belong to which group, where group i has counts[i] of them: 1 or 0, [groups, items]. */
function ofConsecutive(counts: readonly number[]): Float32Array {
  const items = sum(counts);
  const belongs = new Float32Array(counts.length * items);
  let at = 0;
  for (const [group, count] of counts.entries()) {
    belongs.fill(1, group * items + at, group * items + at + count);
    at += count;
  }
  return belongs;
}

/** 1 at a row's chosen answer, -1 at its rejected one: [R, A]. */
function differences(rows: number): Float32Array {
  const numbers = new Float32Array(rows * 2 * rows);
  for (let row = 0; row < rows; row++) numbers.set([1, -1], row * 2 * rows + 2 * row);
  return numbers;
}

/** Numbers of answers [A] as those of the chosen and of the rejected ones. */
const pairsOf = (answers: Float32Array): { readonly chosen: number[]; readonly rejected: number[] } => ({
  chosen: Array.from(answers).filter((_, answer) => answer % 2 === 0),
  rejected: Array.from(answers).filter((_, answer) => answer % 2 === 1),
});

const sum = (numbers: ArrayLike<number>): number => Array.from(numbers).reduce((total, number) => total + number, 0);
