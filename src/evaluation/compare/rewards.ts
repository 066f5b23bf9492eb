import type { ViewRow } from '../../data/view.ts';
import { readRewardHead } from '../classify/head.ts';
import { pooledState } from '../classify/pooling.ts';
import { hiddenOf, sideBySide } from '../hiddenStates.ts';
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
  const { width, positions } = model.config;
  const head = await readRewardHead(entry.folder, width);
  const promptOf = await rowPrompts(spec, template, rows.dataset, { entry, tokenizer });
  return async answers => {
    const sequences = answers.map(({ row, response }) => {
      const asked = promptOf(row);
      const prompt = isAsked(asked) ? asked.prompt : '';
      return { ids: [...tokenizer.ids(prompt), ...tokenizer.ids(response)].slice(0, positions) };
    });
    const rewards: number[] = [];
    for (const together of sideBySide(sequences, () => model.trunkPace.rows)) {
      for (const [at, hidden] of (await hiddenOf(model, together, signal)).entries()) {
        const { ids } = together[at] as (typeof together)[number];
        rewards.push(head.logits(pooledState(head.config, ids, hidden, width))[0] as number);
      }
    }
    return rewards;
  };
}
