import type { DatasetDescription, OpenedDataset } from '../dataset.ts';
import type { PromptPreview } from '../evaluation/api.ts';
import type { EvaluationProblem } from '../evaluation/check.ts';
import type { EvaluationEstimate } from '../evaluation/estimate.ts';
import type { EvaluationRequest } from '../evaluation/request.ts';
import type { Precision } from '../precision.ts';
import type { Reason } from '../result.ts';
import type { Asked } from './dataset.ts';
import type { ModelOption } from './tokenProbabilities.ts';
import type { FormMessage } from './formMessage.ts';

/** All that the form to start an evaluation shows. */
export interface EvaluateSnapshot {
  /** Its paths are absolute. The page's own copy goes ahead of this one while somebody types. */
  readonly request: EvaluationRequest;
  /** Another one whenever the host sets the request. */
  readonly version: number;
  readonly models: readonly EvaluatedModel[];
  /** Of the editor's own, that may be asked as judges. */
  readonly languageModels: readonly ModelOption[];
  /** As a person names it: its path in the workspace folder. */
  readonly datasetName: string;
  readonly opened: Asked<OpenedDataset>;
  /** The labels that the rows have, with their counts; asked where labels are told apart. */
  readonly description: Asked<DatasetDescription>;
  readonly preview: Asked<PromptPreview>;
  /** Which row the preview is of, after the steps. */
  readonly previewRow: number;
  /** What only a look at the file tells; the page finds the others as one types. */
  readonly problems: readonly EvaluationProblem[];
  readonly estimate: EvaluationEstimate | null;
  /** The evaluation is being started. */
  readonly starting: boolean;
  readonly failed: Reason | null;
}

export interface EvaluatedModel extends ModelOption {
  readonly classifies: boolean;
  /** What it is kept in where the request says nothing of it. */
  readonly precision: Precision;
}

/** From the host to the page. */
export type EvaluateMessage = FormMessage<EvaluateSnapshot>;

/** From the page to the host. */
export type EvaluateIntent =
  | { readonly type: 'ready' }
  | { readonly type: 'edit'; readonly request: EvaluationRequest }
  /** Another task, with what it needs guessed from the data anew. */
  | { readonly type: 'task'; readonly task: EvaluationRequest['task'] }
  | { readonly type: 'preview'; readonly row: number }
  | { readonly type: 'start' }
  | { readonly type: 'openDataset' }
  | { readonly type: 'readAgain' }
  | { readonly type: 'runCommand'; readonly command: EvaluateCommand };

export type EvaluateCommand = 'lmLab.showLog' | 'lmLab.setJudgeKey';
