import type { PromptPreview } from '../../protocol/evaluation/api.ts';
import type { PromptTask } from '../../protocol/evaluation/request.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { readRows } from '../rows.ts';
import { firstModel, type TaskSetting } from '../task.ts';
import type { Sequence } from './encode.ts';
import { promptsOf } from './prompts.ts';
import { labelWordsOf } from './words.ts';

/** Tokens before those in which the words differ that are shown with them. */
const SHOWN_BEFORE = 3;

/**
 * A row as the model is given it, with each word and the tokens that are scored. `at` counts the rows that are evaluated.
 * @throws Reasoned `row-left-out`, and what the evaluation itself would be refused for
 */
export async function promptPreview(
  setting: Pick<TaskSetting, 'spec' | 'rows' | 'models' | 'signal'>,
  at: number,
): Promise<PromptPreview> {
  const { rows, spec, models } = setting;
  const task = spec.prompt as PromptTask;
  const words = labelWordsOf(task);
  const prompts = await promptsOf(setting, task, words);
  const [row] = readRows(rows, Math.min(at, rows.count - 1), 1);
  const found = row && prompts.of(row);
  if (!found || 'leftOut' in found) throw leftOut(at, found?.leftOut ?? 'there is none');
  const from = Math.max(0, commonLength(found.sequences) - SHOWN_BEFORE);
  const { tokenizer } = firstModel(models);
  const named = [...words].flatMap(([label, ofLabel]) => ofLabel.map(word => ({ label, word })));
  return {
    label: found.label,
    prompt: found.text,
    words: named.map((one, i) => ({ ...one, tokens: tokensFrom(found.sequences[i] as Sequence, from, tokenizer) })),
  };
}

/** How many tokens all begin with alike. */
function commonLength(sequences: readonly Sequence[]): number {
  const [first = { ids: [] }] = sequences;
  const at = first.ids.findIndex((id, i) => sequences.some(({ ids }) => ids[i] !== id));
  return at === -1 ? first.ids.length : at;
}

const tokensFrom = ({ ids, scoredFrom }: Sequence, from: number, tokenizer: Tokenizer) =>
  ids.slice(from).map((id, i) => ({ id, text: tokenizer.tokenText(id), scored: from + i >= scoredFrom }));

const leftOut = (at: number, why: string): Reasoned =>
  new Reasoned('row-left-out', `Row ${at + 1} can’t be shown: ${why}.`, 'Look at another one.');
