import type { ViewRow } from '../../data/view.ts';
import type { LeftOutRow } from '../../protocol/evaluation/folder.ts';
import type { PromptTask } from '../../protocol/evaluation/request.ts';
import { Reasoned } from '../../protocol/result.ts';
import { firstModel, rowBase, type TaskSetting } from '../task.ts';
import { encodePrompt } from './encode.ts';
import { type Fitted, fitted } from './fit.ts';
import { labelOf, labelPlace } from './labels.ts';
import { shotsText } from './shots.ts';
import { emptyPrompt, rowTemplate } from './template.ts';
import type { LabelWords } from './words.ts';

/** A row that can be scored. */
export interface PromptedRow extends Fitted {
  readonly row: ViewRow;
  readonly label: string;
  /** What the template renders, without the examples before it. */
  readonly text: string;
}

/** How rows become sequences: the prompt with each word, one label's words after the other's. */
export interface Prompts {
  of(row: ViewRow): PromptedRow | LeftOutRow;
  /** The same of a row whose columns are all empty. */
  readonly empty: Fitted;
}

/** @throws Reasoned `column-missing`, `shots-missing`, `label-words-invalid`, and the reasons of templates */
export async function promptsOf(
  setting: Pick<TaskSetting, 'rows' | 'models' | 'signal'>,
  task: PromptTask,
  words: LabelWords,
): Promise<Prompts> {
  const { rows, models, signal } = setting;
  const { model, tokenizer } = firstModel(models);
  const { positions } = model.config;
  const template = rowTemplate(task.prompt, rows.dataset, 'prompt.prompt');
  const place = labelPlace(rows.dataset);
  const examples = await shotsText(task, rows, words, signal);
  const all = [...words.values()].flat();
  const sequences = (text: string): Fitted | undefined =>
    fitted(encodePrompt(examples + text, all, tokenizer, task), positions);
  const empty = sequences(emptyPrompt(template, rows.dataset));
  if (!empty) throw tooLong(positions);
  return {
    empty,
    of(row) {
      const label = labelOf(row, place);
      if (label === undefined) return { ...rowBase(row), leftOut: 'its label is empty' };
      const text = template(row.cells);
      const fit = sequences(text);
      return fit
        ? { ...fit, row, label, text }
        : { ...rowBase(row), leftOut: 'its words leave no room for its prompt' };
    },
  };
}

const tooLong = (contextLength: number): Reasoned =>
  new Reasoned(
    'label-words-invalid',
    `prompt.labelWords has a word that fills the model’s context of ${contextLength} tokens.`,
    'Choose shorter words, or a model with a longer context.',
  );
