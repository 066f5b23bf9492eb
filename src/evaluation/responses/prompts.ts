import type { ViewRow } from '../../data/view.ts';
import type { LeftOutRow } from '../../protocol/evaluation/folder.ts';
import type { EvaluationSpec, TaskName } from '../../protocol/evaluation/request.ts';
import { examplesModel } from '../../training/examples/model.ts';
import { roleReader } from '../../training/examples/row.ts';
import { completed, type DatasetView, rowEncoder } from '../../training/examples/rows.ts';
import { isLeftOut } from '../../training/examples/rowTexts.ts';
import { type HeldModel, rowBase } from '../task.ts';

/** A row as a model is asked to answer it. */
export interface AskedRow {
  readonly row: ViewRow;
  readonly prompt: string;
  /** What the row itself says that the answer is. */
  readonly reference?: string;
}

export const isAsked = (row: AskedRow | LeftOutRow): row is AskedRow => 'prompt' in row;

/**
 * The prompt of each row by the model's conversations and the template that a run would use, so that a fine-tuned model
 * is asked as it was trained. Throws `column-missing`, `template-unknown` and the reasons of templates.
 */
export async function rowPrompts(
  { task, dataset }: Pick<EvaluationSpec, 'task' | 'dataset'>,
  template: string | null,
  rows: DatasetView,
  { entry, tokenizer }: Pick<HeldModel, 'entry' | 'tokenizer'>,
): Promise<(row: ViewRow) => AskedRow | LeftOutRow> {
  const request = { model: entry.folder, dataset: { ...dataset, ...(template !== null && { template }) } };
  const field = template === null ? 'dataset.template' : TEMPLATE_FIELDS[task];
  // Of a run's methods it is ppo that reads prompts alone.
  const spec = completed({ ...request, method: 'ppo' }, rows.roles);
  const encoder = rowEncoder(spec, rows, await examplesModel(entry.folder, tokenizer), field);
  const read = roleReader(rows.view, rows.roles);
  return row => {
    const texts = encoder.texts(row);
    if (isLeftOut(texts)) return { ...rowBase(row), leftOut: texts.leftOut };
    const prompt = (texts.sequences[0]?.pieces ?? []).map(({ text }) => text).join('');
    const { text } = read(row.cells);
    const reference = text('output') ?? text('completion') ?? text('chosen');
    return { row, prompt, ...(reference !== undefined && { reference }) };
  };
}

/** What an evaluation calls its own template. */
const TEMPLATE_FIELDS: Readonly<Partial<Record<TaskName, string>>> = {
  generate: 'generate.template',
  compare: 'compare.generate.template',
};
