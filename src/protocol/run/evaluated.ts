import type { MethodName, RunSpec } from './spec.ts';

const LOSSES = ['evalLoss', 'trainEvalLoss'];
const ACCURACIES = ['evalAccuracy', 'trainAccuracy'];

const OF_METHOD: Readonly<Record<MethodName, readonly string[]>> = {
  lm: LOSSES,
  sft: LOSSES,
  classification: [...LOSSES, ...ACCURACIES],
  reward: [...LOSSES, ...ACCURACIES, 'evalRewardMargin'],
  dpo: [...LOSSES, 'evalRewardsAccuracy', 'evalRewardsMargin'],
  ppo: [...LOSSES, 'evalScoreMean', 'trainScoreMean', 'evalKl', 'trainKl'],
};

/** The figures that an evaluation of this request gives, by which the best model can be chosen. */
export const metricsOf = ({ method, sft }: Pick<RunSpec, 'method' | 'sft'>): readonly string[] =>
  method === 'sft' && sft.labelWords !== null ? [...LOSSES, ...ACCURACIES] : OF_METHOD[method];
