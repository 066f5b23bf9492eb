import { guessMethod, guessRoles, type Roles } from '../../data/roles.ts';
import { applySteps, type StepCount, stepsOfEveryFile } from '../../data/steps.ts';
import type { Column, Table } from '../../data/table.ts';
import { View, type ViewRow } from '../../data/view.ts';
import type { ModelChat } from '../../chat/modelTemplates.ts';
import { compileTemplate } from '../../chat/template.ts';
import { neededNames } from '../../chat/templateNames.ts';
import type { DatasetRequest } from '../../protocol/dataset.ts';
import type { Call } from '../../protocol/engine.ts';
import { Reasoned } from '../../protocol/result.ts';
import { complete, DEFAULT_SPLIT } from '../../protocol/run/defaults.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { conversations } from './conversations.ts';
import { type EncodedRow, encodeRow } from './encode.ts';
import { hasLabels } from './labels.ts';
import { promptOf } from './prompts.ts';
import { roleReader } from './row.ts';
import { type LeftOut, methodData, requireRoles, type RowTexts } from './rowTexts.ts';

/** What of a model decides how rows are encoded. */
export interface ExamplesModel {
  readonly folder: string;
  /** In tokens. */
  readonly contextLength: number;
  readonly tokenizer: Tokenizer;
  readonly chat: ModelChat;
}

/** The rows that steps leave, and what their columns are used as. */
export interface DatasetView {
  readonly view: View;
  readonly counts: readonly StepCount[];
  readonly roles: Roles;
}

/** `others`: of a file beside the training file, of which all rows are taken that a filter does not drop. */
export async function viewOf(
  table: Table,
  { dataset }: Pick<RunSpec, 'dataset'>,
  call: Pick<Call, 'signal' | 'onProgress'>,
  others = false,
): Promise<DatasetView> {
  const seed = 'seed' in dataset.split ? dataset.split.seed : DEFAULT_SPLIT.seed;
  const steps = others ? stepsOfEveryFile(dataset.steps) : dataset.steps;
  const all = new View(table);
  const aliases = rolesOf(all, dataset.columns);
  const { view, counts } = await applySteps(all, steps, { ...call, seed, aliases, ...TEMPLATES });
  return { view, counts, roles: rolesOf(view, dataset.columns) };
}

const TEMPLATES = { compile: compileTemplate, neededNames };

/** Those given, and guesses for the others; columns that steps add are guessed by their names. */
export const rolesOf = (view: View, given: Roles): Roles =>
  guessRoles(
    view.columns.map(
      (name): Column => view.column(name) ?? { name, kind: 'text', distinct: null, missing: 0, meanLength: 0 },
    ),
    given,
  );

/** The request with its defaults, and with the method that the roles suggest where none is chosen. Throws `method-missing`. */
export function completed(request: DatasetRequest, roles: Roles): RunSpec {
  const method = request.method ?? guessMethod(roles);
  if (method) return complete({ ...request, method });
  throw new Reasoned(
    'method-missing',
    'The columns fit no method: none is known to be a text, a prompt, a conversation or an answer.',
    'Choose what the columns are (dataset.columns), and a method.',
  );
}

/** How rows become texts and ids. */
export interface RowEncoder {
  texts(row: ViewRow): RowTexts | LeftOut;
  /** Before anything is cut. */
  encode(texts: RowTexts): EncodedRow;
}

/**
 * `templateField` is what the request calls the template. Throws `column-missing`, `template-unknown` and the reasons of
 * templates.
 */
export function rowEncoder(
  spec: RunSpec,
  { view, roles }: DatasetView,
  { tokenizer, chat }: ExamplesModel,
  templateField = 'dataset.template',
): RowEncoder {
  const { template } = spec.dataset;
  requireRoles(spec, roles, view.columns);
  const { texts: textsOf, ended } = methodData[spec.method];
  const read = roleReader(view, roles);
  const conversational = roles.messages !== undefined || conversationsIn(view, roles);
  const making = {
    roles,
    prompt: promptOf(conversational ? null : template, { view, roles }, templateField),
    conversations: conversational ? conversations(template, chat) : noConversations,
    labelWords: spec.sft.labelWords,
    labelled: hasLabels(spec),
  };
  return {
    texts: row => textsOf(read(row.cells), making),
    encode: texts => encodeRow(texts, tokenizer, ended && spec.training.endToken),
  };
}

/** Whether answers are messages, as in conversational preference sets. */
function conversationsIn(view: View, { chosen, responses }: Roles): boolean {
  const kinds = [chosen, responses].map(name => (name === undefined ? undefined : view.column(name)?.kind));
  return kinds.includes('messages');
}

const noConversations = {
  pieces: () => [],
  prompt: () => '',
};
