import type { ViewRow } from '../../data/view.ts';
import type { Gpt2 } from '../../gpt2/model.ts';
import { type ClassifierHead, readRewardHead } from '../classify/head.ts';
import { filledUp } from '../classify/pooling.ts';
import { type Ids, pooledOf, sideBySide } from '../hiddenStates.ts';
import { isAsked, rowPrompts } from '../responses/prompts.ts';
import type { HeldModel, TaskSetting } from '../task.ts';

/** A row with a response to it. */
export interface Answer {
  readonly row: ViewRow;
  readonly response: string;
}

/** The reward of each answer, in their order. */
export type Rewards = (answers: readonly Answer[]) => Promise<number[]>;

/**
 * A reward model's scores, as it was trained (contracts.md section 5): prompt and answer encoded apart and joined; the
 * beginning is read of what is too long. Throws `not-a-reward-model`.
 */
export async function rewardsBy(
  { entry, model, tokenizer }: HeldModel,
  template: string | null,
  { spec, rows, signal }: Pick<TaskSetting, 'spec' | 'rows' | 'signal'>,
): Promise<Rewards> {
  const head = await readRewardHead(entry.folder, model.config.width);
  const promptOf = await rowPrompts(spec, template, rows.dataset, { entry, tokenizer });
  return async answers => {
    const sequences = answers.map(({ row, response }) => {
      const asked = promptOf(row);
      const prompt = isAsked(asked) ? asked.prompt : '';
      return { ids: [...tokenizer.ids(prompt), ...tokenizer.ids(response)] };
    });
    return rewardsOf(model, head, sequences, signal);
  };
}

/** The same of ids: prompts with their answers. Throws Reasoned `cancelled`. */
export async function rewardsOf(
  model: Gpt2,
  head: ClassifierHead,
  sequences: readonly Ids[],
  signal?: AbortSignal,
): Promise<number[]> {
  const { positions } = model.config;
  const filled = sequences.map(({ ids }) => ({ ids: filledUp(head.config, ids.slice(0, positions), positions) }));
  const rewards: number[] = [];
  for (const together of sideBySide(filled, () => model.sideBySideRows))
    for (const state of await pooledOf(model, together, head.config, signal))
      rewards.push(head.logits(state)[0] as number);
  return rewards;
}
