import { add, scale, softplus, square, subtract } from '../../onnx/operators/elementwise.ts';
import { linearTransposed, product } from '../../onnx/operators/matrix.ts';
import { type Feed, float32 } from '../../onnx/session.ts';
import { sequencesOfRow } from '../examples/examples.ts';
import type { MicroBatch } from '../learner.ts';
import type { Method } from './method.ts';
import { pooledReadings, pooledStates, poolingShares } from './pooling.ts';

// Letters in shapes: R rows, A answers of all rows, P pairs of a better answer with a worse one of its row.

/** What transformers and TRL call the only output of a reward model. */
const LABEL = 'LABEL_0';

/**
 * A reward model (Ouyang et al. 2022, equation 1): -log sigmoid of how much more a better answer scores than a worse one,
 * in the mean over all K (K - 1) / 2 pairs of a row, whose answers stand best first. With a center coefficient, that times
 * the square of both scores' sum is added, which keeps scores around 0 (Eisenstein et al. 2023; TRL's RewardTrainer).
 */
export const reward: Method = {
  name: 'reward',
  scoring: ({ reward: { pooling } }) => ({ pooling, labels: [LABEL], hidden: null, bias: false }),
  units: ({ rows }) => rows.length,
  readings: (batch, _, { spec, padId }) => pooledReadings(batch, spec.reward.pooling, padId),
  build({ hidden, head, setting }) {
    const { graph } = hidden;
    const { centerCoefficient } = setting.spec.reward;
    const scores = linearTransposed(pooledStates(hidden), head.weight); // [A, 1]
    const better = product(graph.input('better', 'float32', ['P', 'A']), scores); // [P, 1]
    const worse = product(graph.input('worse', 'float32', ['P', 'A']), scores);
    const ranking = softplus(subtract(worse, better)); // -log sigmoid(better - worse)
    const losses = centerCoefficient ? add(ranking, scale(square(add(better, worse)), centerCoefficient)) : ranking;
    return { losses: product(graph.input('pairShares', 'float32', ['R', 'P']), losses), outputs: { scores } };
  },
  feeds(batch, readings) {
    const pairsOfRows = rankings(batch).map(pairsOf);
    const pairs = pairsOfRows.flat();
    const shareOf = (row: number) =>
      pairsOfRows.flatMap((pairs, of) => pairs.map(() => Number(of === row) / pairs.length));
    const answers = [...readings.keys()];
    return {
      shares: poolingShares(readings),
      better: matrix(pairs.map(({ better }) => answers.map(answer => Number(answer === better)))),
      worse: matrix(pairs.map(({ worse }) => answers.map(answer => Number(answer === worse)))),
      pairShares: matrix(pairsOfRows.map((_, row) => shareOf(row))),
    };
  },
  figures(batch, _, losses, outputs) {
    const scores = outputs['scores'] as Float32Array;
    const rows = rankings(batch);
    const meanOfRows = (of: (row: readonly number[]) => number) => ({ sum: total(rows.map(of)), count: rows.length });
    const margins = (row: readonly number[]): number[] =>
      pairsOf(row).map(({ better, worse }) => (scores[better] as number) - (scores[worse] as number));
    return {
      lossSum: total(losses),
      units: rows.length,
      sums: {
        accuracy: meanOfRows(row => mean(margins(row).map(margin => Number(margin > 0)))),
        rewardMean: meanOfRows(row => mean(row.map(answer => scores[answer] as number))),
        rewardMargin: meanOfRows(row => mean(margins(row))),
      },
    };
  },
};

/** The answers of each row, best first, by their numbers within the batch. */
function rankings({ examples, rows }: MicroBatch): number[][] {
  let answers = 0;
  return rows.map(row => sequencesOfRow(examples, row).map(() => answers++));
}

const pairsOf = (ranked: readonly number[]): Array<{ readonly better: number; readonly worse: number }> =>
  ranked.flatMap((better, rank) => ranked.slice(rank + 1).map(worse => ({ better, worse })));

const total = (numbers: ArrayLike<number>): number => Array.from(numbers).reduce((sum, number) => sum + number, 0);
const mean = (numbers: readonly number[]): number => total(numbers) / numbers.length;
const matrix = (rows: ReadonlyArray<readonly number[]>): Feed =>
  float32(Float32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0]);
