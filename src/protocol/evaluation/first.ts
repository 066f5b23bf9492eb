import type { OpenedDataset } from '../dataset.ts';
import { RESPONSE_COLUMN } from './folder.ts';
import type { Role } from '../run/spec.ts';
import type { EvaluationRequest, TaskName } from './request.ts';

/** What is known when an evaluation is begun. */
export interface Beginning {
  readonly dataset: EvaluationRequest['dataset'];
  readonly opened: Pick<OpenedDataset, 'columns' | 'roles' | 'rows'>;
  /** Of the label column, where there is one and it was counted. */
  readonly labels: readonly string[];
  readonly models: readonly string[];
  /** The first model is a classifier. */
  readonly classifies: boolean;
  readonly part?: EvaluationRequest['part'];
}

/** Rows of a first try: enough for a figure, few enough to wait for. */
const FIRST_ROWS: Readonly<Record<TaskName, number>> = {
  prompt: 1000,
  classifier: 5000,
  generate: 50,
  judge: 100,
  compare: 50,
  probe: 500,
};

/** The tasks in the order in which a dataset and a model suggest them. */
export function tasksFor({ opened, models, classifies }: Omit<Beginning, 'dataset' | 'labels'>): TaskName[] {
  const { roles, columns } = opened;
  const has = (role: Role): boolean => roles[role] !== undefined;
  const labelled = has('label') && has('text');
  const prompts = has('prompt') || has('instruction') || has('messages');
  const judged = columns.some(({ name }) => name === RESPONSE_COLUMN);
  const weight: Record<TaskName, number> = {
    compare: prompts ? (models.length > 1 ? 6 : 3) : 0,
    judge: judged ? 5 : 0,
    classifier: labelled ? (classifies ? 4.5 : 1) : 0,
    prompt: labelled ? 4 : 0,
    generate: prompts ? 3.5 : 0,
    probe: 0.5,
  };
  return (Object.keys(weight) as TaskName[]).sort((a, b) => weight[b] - weight[a]);
}

/** A request that can be started as it is, as far as the data let that be guessed. */
export function firstEvaluation(task: TaskName, beginning: Beginning): EvaluationRequest {
  const { dataset, opened, models, part = null } = beginning;
  const most = FIRST_ROWS[task];
  const rows = opened.rows > most ? most : null;
  const base = { task, dataset, part, rows, ...(task !== 'judge' && { models }) };
  switch (task) {
    case 'prompt':
      return { ...base, prompt: firstPrompt(beginning) };
    case 'judge': {
      const columns = [RESPONSE_COLUMN].filter(name => opened.columns.some(column => column.name === name));
      return { ...base, judge: { judge: { kind: 'ollama', model: 'llama3' }, columns } };
    }
    case 'probe': {
      const { label } = opened.roles;
      return { ...base, probe: { columns: textColumns(opened).slice(0, 1), by: label ?? null, embeddings: 'mean' } };
    }
    case 'compare':
      return { ...base, compare: { of: opened.roles.prompt || opened.roles.instruction ? 'responses' : 'texts' } };
    default:
      return base;
  }
}

/** Columns with texts, that of the text or prompt first. */
function textColumns({ columns, roles }: Pick<OpenedDataset, 'columns' | 'roles'>): string[] {
  const texts = columns.filter(({ kind }) => kind === 'text').map(({ name }) => name);
  const main = roles.text ?? roles.output ?? roles.completion ?? roles.prompt ?? roles.instruction;
  return main === undefined ? texts : [main, ...texts.filter(name => name !== main)];
}

function firstPrompt({ opened, labels }: Beginning): NonNullable<EvaluationRequest['prompt']> {
  const column = opened.roles.text ?? textColumns(opened)[0] ?? 'text';
  const asked = isSentiment(labels) ? 'Sentiment' : 'Label';
  const labelWords = Object.fromEntries(labels.map(label => [label, firstWord(label, labels)]));
  return { prompt: `{{ ${inJinja(column)} | trim }}\n${asked}:`, labelWords };
}

/** A column as Jinja names it: as it is where it is a name, else as a field of the row. */
export const inJinja = (column: string): string =>
  /^[A-Za-z_]\w*$/.test(column) ? column : `row[${JSON.stringify(column)}]`;

const isSentiment = (labels: readonly string[]): boolean =>
  [...labels].sort().join() === '0,1' || labels.every(label => /^(positive|negative|neutral)$/i.test(label));

/** With the space that stands between a prompt and a word; 0 and 1 are read as in SST-2. */
function firstWord(label: string, labels: readonly string[]): string {
  const word = [...labels].sort().join() === '0,1' ? (label === '1' ? 'positive' : 'negative') : label;
  return ` ${word}`;
}
