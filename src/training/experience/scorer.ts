import type { Device } from '../../onnx/devices.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { Answer } from '../learner.ts';
import type { Setting } from '../methods/method.ts';
import { openRewardModel } from './rewardModel.ts';
import { ruleOf } from './rewardRules.ts';

/** What tells an answer's worth. */
export interface Scorer {
  score(answers: readonly Answer[]): Promise<number[]>;
  dispose(): Promise<void>;
}

export interface ScorerTools {
  readonly tokenizer: Tokenizer;
  readonly device: Device;
}

/** The reward model of a request, or its rule. @throws Reasoned what opening a reward model throws, `reward-missing` */
export async function openScorer(setting: Setting, tools: ScorerTools): Promise<Scorer> {
  const { ppo, classification } = setting.spec;
  if (ppo.rewardModel !== null) return openRewardModel(setting, ppo.rewardModel, tools);
  if (ppo.rewardRule === null) throw missing();
  const rule = ruleOf(ppo.rewardRule, classification.labels ?? []);
  const { tokenizer } = tools;
  const textOf = (response: readonly number[]): string =>
    tokenizer.decode(response.filter(id => id < tokenizer.vocabularySize && !tokenizer.special(id)));
  return {
    score: async answers => answers.map(({ response, label }) => Number(rule(textOf(response), label))),
    dispose: async () => {},
  };
}

const missing = (): Reasoned =>
  new Reasoned(
    'reward-missing',
    'ppo has neither a reward model nor a reward rule.',
    'Give exactly one of ppo.rewardModel and ppo.rewardRule.',
  );
