import { describe, expect, test } from 'vitest';
import { decimated } from '../../../../webview-ui/trainingCurves/data/decimation.ts';
import { plotGroups } from '../../../../webview-ui/trainingCurves/data/plotGroups.ts';
import { nearest, pointsOf } from '../../../../webview-ui/trainingCurves/data/points.ts';
import { smoothed } from '../../../../webview-ui/trainingCurves/data/smoothing.ts';
import { MetricsTable } from '../../../../src/protocol/run/metrics.ts';

// By hand, as Adam's bias correction has it: m = w m + (1 - w) x, divided by 1 - w^n.
test.each([
  [0, [3, 1, 2], [3, 1, 2]],
  [0.5, [4, 2, 8], [4, (0.25 * 4 + 0.5 * 2) / 0.75, (0.125 * 4 + 0.25 * 2 + 0.5 * 8) / 0.875]],
  [0.9, [5, 5, 5, 5], [5, 5, 5, 5]],
  [0.5, [4, Number.NaN, 2], [4, 4, (0.25 * 4 + 0.5 * 2) / 0.75]],
  [0.5, [], []],
])('smoothing by %d of %j', (weight, values, expected) => {
  const result = [...smoothed(Float64Array.from(values), weight)];
  expect(result.length).toBe(expected.length);
  result.forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 12));
});

describe('thinning of points', () => {
  const xs = Float64Array.from({ length: 100_000 }, (_, i) => i);
  const ys = xs.map(x => Math.sin(x / 900) + ((x * 7919) % 1000) / 5000);
  ys[31_337] = 50;
  ys[71_234] = -50;

  test('a peak of one in a hundred thousand stays, and a line has no more points than its pixels show', () => {
    const thin = decimated({ xs, ys }, [0, 99_999], 500);
    expect(thin.xs.length).toBeLessThanOrEqual(500 * 4 + 8);
    expect([Math.max(...thin.ys), Math.min(...thin.ys)]).toEqual([50, -50]);
    expect([thin.xs[0], thin.xs.at(-1)]).toEqual([0, 99_999]);
    expect([...thin.xs]).toEqual([...thin.xs].sort((a, b) => a - b));
  });

  test('in every pixel column the lowest and the highest are those of all points in it', () => {
    const pixels = 320;
    const thin = decimated({ xs, ys }, [20_000, 60_000], pixels);
    const extremes = (points: { xs: Float64Array; ys: Float64Array }) => {
      const found = new Map<number, [number, number]>();
      points.xs.forEach((x, i) => {
        if (x < 20_000 || x > 60_000) return;
        const column = Math.floor(((x - 20_000) / 40_000) * pixels);
        const [low, high] = found.get(column) ?? [Infinity, -Infinity];
        found.set(column, [Math.min(low, points.ys[i] as number), Math.max(high, points.ys[i] as number)]);
      });
      return found;
    };
    expect(extremes(thin)).toEqual(extremes({ xs, ys }));
  });

  test('few points stay as they are, with one beyond each end of the range', () => {
    const few = { xs: Float64Array.of(0, 10, 20, 30, 40), ys: Float64Array.of(5, 4, 3, 2, 1) };
    expect([...decimated(few, [15, 25], 100).xs]).toEqual([10, 20, 30]);
    expect([...decimated(few, [0, 40], 100).ys]).toEqual([5, 4, 3, 2, 1]);
    expect(decimated({ xs: new Float64Array(0), ys: new Float64Array(0) }, [0, 1], 10).xs.length).toBe(0);
  });
});

test('a metric has the points of the lines that have it; time never leads back', () => {
  const table = new MetricsTable();
  const line = (step: number, elapsedSeconds: number, more: object) => ({ step, elapsedSeconds, ...more }) as never;
  table.append([line(0, 1, { evalLoss: 3 }), line(1, 5, { loss: 2 }), line(2, 4, { loss: 1, evalLoss: 2 })]);
  const points = (x: 'step' | 'elapsedSeconds', metric: string) => {
    const { xs, ys } = pointsOf(table, x, metric);
    return [[...xs], [...ys]];
  };
  expect(points('step', 'evalLoss')).toEqual([
    [0, 2],
    [3, 2],
  ]);
  expect(points('elapsedSeconds', 'loss')).toEqual([
    [5, 5],
    [2, 1],
  ]);
  expect(points('step', 'kl')).toEqual([[], []]);
});

test.each([
  [[], 3, -1],
  [[5], 3, 0],
  [[1, 4, 9], 2, 0],
  [[1, 4, 9], 3, 1],
  [[1, 4, 9], 100, 2],
])('of the points at %j the nearest to %d is number %d', (xs, x, expected) => {
  expect(nearest({ xs: Float64Array.from(xs) }, x)).toBe(expected);
});

test.each<[string, string[], Record<string, string[]>]>([
  [
    'classification',
    [
      'step',
      'epoch',
      'loss',
      'learningRate',
      'gradientNorm',
      'accuracy',
      'evalLoss',
      'evalAccuracy',
      'tokensPerSecond',
    ],
    {
      Loss: ['loss', 'evalLoss'],
      Accuracy: ['accuracy', 'evalAccuracy'],
      'Learning rate': ['learningRate'],
      'Gradient norm': ['gradientNorm'],
      'Tokens per second': ['tokensPerSecond'],
    },
  ],
  [
    'dpo',
    [
      'loss',
      'rewardsChosen',
      'rewardsMargin',
      'rewardsAccuracy',
      'logpsChosen',
      'evalLoss',
      'evalRewardsChosen',
      'evalRewardsMargin',
      'evalRewardsAccuracy',
      'evalLogpsChosen',
      'trainEvalLoss',
      'trainRewardsChosen',
      'trainRewardsAccuracy',
      'trainLogpsChosen',
    ],
    {
      Loss: ['loss', 'evalLoss', 'trainEvalLoss'],
      Rewards: ['rewardsChosen', 'evalRewardsChosen', 'rewardsMargin', 'evalRewardsMargin'],
      'Reward accuracy': ['rewardsAccuracy', 'evalRewardsAccuracy', 'trainRewardsAccuracy'],
      'Log-probability': ['logpsChosen', 'evalLogpsChosen'],
    },
  ],
  [
    'reward',
    ['accuracy', 'rewardMean', 'rewardMargin', 'evalAccuracy', 'evalRewardMargin', 'trainAccuracy', 'trainRewardMean'],
    {
      Accuracy: ['accuracy', 'evalAccuracy', 'trainAccuracy'],
      Scores: ['rewardMargin', 'evalRewardMargin', 'rewardMean'],
    },
  ],
  [
    'PPO',
    [
      'evalScoreMean',
      'evalKl',
      'evalEntropy',
      'evalValueLoss',
      'trainScoreMean',
      'trainValueLoss',
      'trainReturnMean',
      'kl',
      'entropy',
      'scoreMean',
      'returnMean',
      'policyLoss',
      'valueLoss',
      'clipFraction',
      'approximateKl',
    ],
    {
      'Score of answers': ['scoreMean', 'evalScoreMean', 'trainScoreMean'],
      'KL divergence': ['kl', 'evalKl'],
      Entropy: ['entropy', 'evalEntropy'],
      'Policy loss': ['policyLoss'],
      'Value loss and returns': ['valueLoss', 'evalValueLoss', 'returnMean'],
      'Clip fraction': ['clipFraction'],
      'KL divergence of updates': ['approximateKl'],
    },
  ],
  [
    'a metric of another trainer',
    ['evalBleuScore', 'bleuScore', 'trainBleuScore', 'gpuWatts'],
    { 'Bleu score': ['bleuScore', 'evalBleuScore', 'trainBleuScore'], 'Gpu watts': ['gpuWatts'] },
  ],
  ['an evaluation alone, before the first step', ['step', 'evalLoss'], { Loss: ['evalLoss'] }],
])('plots of %s', (_, metrics, expected) => {
  const groups = plotGroups(metrics).map(({ title, curves }) => [title, curves.map(({ metric }) => metric)]);
  expect(Object.fromEntries(groups)).toEqual(expected);
});
