import type { Option } from 'commander';
import type { EvaluatedRow, EvaluationResult } from '../../protocol/evaluation/folder.ts';
import type { EvaluationRequest, TaskName } from '../../protocol/evaluation/request.ts';
import type { Output } from '../output.ts';

/** What an evaluation found. */
export interface Outcome {
  readonly result: EvaluationResult;
  /** By rising number. */
  readonly rows: readonly EvaluatedRow[];
  /** Where it is kept, where that was asked for. */
  readonly folder: string | null;
}

/** What commander makes of all options of `evaluate`; each may be of another task. */
export type TaskOptions = Readonly<Record<string, unknown>>;

/** A task of `evaluate`: its own options, what they ask for, and what is printed of what was found. */
export interface TaskCommand {
  readonly name: TaskName;
  /** For the help: what the task does. */
  readonly description: string;
  /** Options that no other task brings; what several have stands in commands/evaluate.ts. */
  readonly options: readonly Option[];
  /** By which commander knows them: options that it takes beside its own. */
  readonly takes: readonly string[];
  /** Whether its output is made of files of the evaluation's folder. */
  readonly needsFolder?: boolean;
  /** The task's section of the request. Throws wrong usage. */
  section(options: TaskOptions): Promise<Partial<EvaluationRequest>>;
  output(outcome: Outcome, options: TaskOptions): Promise<Output>;
}
