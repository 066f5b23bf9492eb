import type { DatasetDescription, OpenedDataset } from '../dataset.ts';
import type { Reason } from '../result.ts';
import type { RunProblem } from '../run/check.ts';
import type { RunEstimate } from '../run/estimate.ts';
import type { RunRequest } from '../run/spec.ts';
import type { Asked } from './dataset.ts';
import type { ModelOption } from './tokenProbabilities.ts';
import type { FormMessage } from './formMessage.ts';

/** All that the Fine-tune panel shows. */
export interface FineTuneSnapshot {
  /** Its paths are absolute. The page's own copy goes ahead of this one while somebody types. */
  readonly request: RunRequest;
  /** Another one whenever the host sets the request, such as for another dataset. */
  readonly version: number;
  /** What each field does, in a sentence or two, by its path. */
  readonly meanings: Readonly<Record<string, string>>;
  readonly models: readonly ModelOption[];
  /** As a person names it: its path in the workspace folder. */
  readonly datasetName: string;
  readonly opened: Asked<OpenedDataset>;
  readonly description: Asked<DatasetDescription>;
  /** What only a look at files and models can tell; the page finds the others as one types. */
  readonly problems: readonly RunProblem[];
  readonly estimate: ShownEstimate;
  /** A trainer is being started. */
  readonly starting: boolean;
  readonly failed: Reason | null;
}

export interface ShownEstimate {
  /** Null while it is not known. */
  readonly value: RunEstimate | null;
  /** Threads that it counts with. */
  readonly threads: number;
  /** Of this machine, and free where runs go; null: not known. */
  readonly memoryBytes: number;
  readonly freeDiskBytes: number | null;
}

/** From the host to the page. */
export type FineTuneMessage = FormMessage<FineTuneSnapshot>;

export type FineTuneCommand = 'lmLab.showLog' | 'lmLab.downloadModel' | 'lmLab.restartEngine' | 'lmLab.chooseModel';

/** From the page to the host. */
export type FineTuneIntent =
  | { readonly type: 'ready' }
  | { readonly type: 'edit'; readonly request: RunRequest }
  | { readonly type: 'start' }
  /** Writes it to a file of the user's choice; or opens it as one that is not saved. */
  | { readonly type: 'save' }
  | { readonly type: 'openAsJson' }
  | { readonly type: 'openDataset' }
  | { readonly type: 'readAgain' }
  | { readonly type: 'runCommand'; readonly command: FineTuneCommand };
