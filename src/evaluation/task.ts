import type { ViewRow } from '../data/view.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Call, ModelEntry } from '../protocol/engine.ts';
import type { EvaluatedRow, LeftOutRow, TaskResult, EvaluationResult } from '../protocol/evaluation/folder.ts';
import type { EvaluationSpec, TaskName } from '../protocol/evaluation/request.ts';
import { Reasoned } from '../protocol/result.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { JudgeAccess } from './judge/judge.ts';
import type { EvaluationRows } from './rows.ts';

/** A model that is held in memory while an evaluation lasts. */
export interface HeldModel {
  /** As the request has it. */
  readonly name: string;
  readonly entry: ModelEntry;
  readonly model: Gpt2;
  readonly tokenizer: Tokenizer;
}

/** What a task works with. `onProgress` is for what comes before the rows; these are counted by whoever asks for them. */
export interface TaskSetting extends Pick<Call, 'signal' | 'onProgress'> {
  readonly spec: EvaluationSpec;
  readonly rows: EvaluationRows;
  /** Those that the task named, in their order. */
  readonly models: readonly HeldModel[];
  /** Where keys for judges come from, and the editor's language models. */
  readonly judges: JudgeAccess;
}

/**
 * Something that can be asked of models over the rows of a dataset. Whoever runs it keeps what it finds, shows how far
 * it is, and goes on where it was cut off; it knows no task by name.
 */
export interface Task<Row extends EvaluatedRow = EvaluatedRow> {
  readonly name: TaskName;
  /** What is being done with the rows: "Classifying". */
  readonly doing: string;
  /** The models that it needs in memory. */
  models(spec: EvaluationSpec): readonly string[];
  /** Lines that a row has among what is found, where it is not left out. */
  linesOfRow(spec: EvaluationSpec): number;
  /** Gets ready. Throws what the request, its columns or its models are refused for, before a row is touched. */
  open(setting: TaskSetting): Promise<Evaluator<Row>>;
  /** The result of an evaluation that has finished, with what people have added to its folder since. */
  revised?(folder: string, result: EvaluationResult): Promise<EvaluationResult>;
}

/** A task that is ready for its rows. */
export interface Evaluator<Row extends EvaluatedRow = EvaluatedRow> {
  /** How many rows it wants at once; fewer come at the end. */
  readonly rowsAtOnce: number;
  /** Tells what was found, some rows at a time and in any order; all lines of a row together. */
  evaluate(rows: readonly ViewRow[]): AsyncIterable<ReadonlyArray<Row | LeftOutRow>>;
  /** What comes of all rows that were not left out, in the order in which they were done. */
  summarise(rows: AsyncIterable<Row>): Promise<TaskResult>;
  /** Writes what the folder has beside rows and result; `rows` may be gone through any number of times. */
  save?(folder: string, rows: () => AsyncIterable<Row>): Promise<void>;
}

/** What every line says of its row. */
export const rowBase = ({ row, line }: ViewRow): Pick<LeftOutRow, 'row' | 'line'> => ({
  row,
  ...(line > 0 && { line }),
});

/** The model of a task that takes one. */
export function firstModel(models: readonly HeldModel[]): HeldModel {
  const [first] = models;
  if (first) return first;
  throw new Reasoned('model-missing', 'models names no model.', 'Name the model to evaluate.');
}

/** UTF-16 units of a row's text that are kept to be shown. */
const SHOWN_LENGTH = 400;

export const shownText = (text: string): string =>
  text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`;
