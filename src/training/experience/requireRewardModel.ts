import { HEAD_TENSORS } from '../../gpt2/classifierConfig.ts';
import { readConfig } from '../../gpt2/config.ts';
import { openTensors } from '../../models/safetensors.ts';
import { Reasoned } from '../../protocol/result.ts';
import { loadTokenizer } from '../../tokenizer/load.ts';
import { vocabularyDifference } from '../../tokenizer/difference.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';

/** What a reward model must go with. */
export interface Policy {
  readonly tokenizer: Tokenizer;
  /** Tokens that a prompt with its answer may have. */
  readonly longest: number;
}

/**
 * Refuses a folder that can't score what a policy writes: it is given the policy's ids, which must mean the same to it.
 * @throws Reasoned `not-a-reward-model`, `reward-tokenizer`, `reward-context`, and what reading a model folder throws
 */
export async function requireRewardModel(folder: string, { tokenizer, longest }: Policy): Promise<void> {
  const score = (await openTensors(folder)).get(HEAD_TENSORS.score);
  if (!score) throw notARewardModel(folder, `its weights have no ${HEAD_TENSORS.score}`);
  if (score.shape[0] !== 1) throw notARewardModel(folder, `it has ${score.shape[0]} labels, and a reward is one score`);
  const other = vocabularyDifference(tokenizer, await loadTokenizer(folder));
  if (other !== undefined) {
    throw new Reasoned(
      'reward-tokenizer',
      `ppo.rewardModel, "${folder}", has another tokenizer than the model: ${other}.`,
      'Choose a reward model that was trained from the same family as the model.',
    );
  }
  const { positions } = await readConfig(folder);
  if (positions >= longest) return;
  throw new Reasoned(
    'reward-context',
    `ppo.rewardModel, "${folder}", has a context of ${positions} tokens, and prompts with answers may have ${longest}.`,
    `Set training.maxLength to ${positions} or less, or choose a reward model with a longer context.`,
  );
}

export const notARewardModel = (folder: string, why: string): Reasoned =>
  new Reasoned(
    'not-a-reward-model',
    `ppo.rewardModel, "${folder}", is no reward model: ${why}.`,
    'Choose a model that was trained by the method reward, or train one.',
  );
