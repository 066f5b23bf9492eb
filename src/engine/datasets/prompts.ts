import type { Roles } from '../../data/roles.ts';
import type { ViewRow } from '../../data/view.ts';
import type { DatasetPrompt, DatasetPrompts, DatasetPromptsRequest, DatasetRequest } from '../../protocol/dataset.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { Role } from '../../protocol/run/spec.ts';
import { isLeftOut } from '../../training/examples/rowTexts.ts';
import type { RowEncoder } from '../../training/examples/rows.ts';
import { type Asked, encodingOf } from './setting.ts';

/** The prompts of rows: as PPO would have them, or as what the answers of a preference set go on from. */
export async function promptsOf({ dataset, rows }: DatasetPromptsRequest, asked: Asked): Promise<DatasetPrompts> {
  const { view, roles } = asked.view;
  const method = methodOf(roles, dataset, view.columns);
  const { encoder } = await encodingOf({ ...dataset, method }, asked);
  const found = rows.map(number => view.read(number)).filter(row => row !== undefined);
  return { total: view.count, prompts: found.map(row => promptOf(row, encoder)) };
}

const ASKING: readonly Role[] = ['messages', 'prompt', 'instruction', 'text'];

/** Throws `column-missing`. A template of one's own may take the prompt from any column. */
function methodOf(roles: Roles, { dataset }: DatasetRequest, columns: readonly string[]): 'ppo' | 'dpo' {
  if (ASKING.some(role => roles[role] !== undefined) || /\{[{%#]/.test(dataset.template ?? '')) return 'ppo';
  if (roles.chosen !== undefined && roles.rejected !== undefined) return 'dpo';
  throw new Reasoned(
    'column-missing',
    `There is nothing to answer: none of ${columns.join(', ')} is known to be a prompt, an instruction, a text or a conversation.`,
    'Say in the Dataset panel which column is the prompt.',
  );
}

function promptOf(row: ViewRow, encoder: RowEncoder): DatasetPrompt {
  const texts = encoder.texts(row);
  if (isLeftOut(texts)) return { row: row.row, leftOut: texts.leftOut };
  const pieces = texts.sequences[0]?.pieces ?? [];
  const asked = pieces.filter(({ part }) => part === 'prompt').map(({ text }) => text);
  return asked.join('').trim() === ''
    ? { row: row.row, leftOut: 'its prompt is empty' }
    : { row: row.row, prompt: asked.join('') };
}
