import type { Classified } from '../classify.ts';
import type { Progress } from '../engine.ts';
import type { Reason } from '../result.ts';
import type { ModelOption } from './tokenProbabilities.ts';

/** Text that was classified, with its probabilities after each token. */
export type ClassifiedText = Classified['texts'][number] & {
  readonly text: string;
  /** Of the document, from 1. */
  readonly line: number;
  /** The label that the line itself gives, which the model did not read. */
  readonly given?: string;
};

/** All that the Classification panel shows. */
export interface ClassificationSnapshot {
  /** Those of the models that are classifiers. */
  readonly classifiers: readonly ModelOption[];
  /** The one that classified, or is to. */
  readonly model: string;
  readonly device: string | null;
  /** As a person names it. */
  readonly documentName: string;
  readonly labels: readonly string[];
  readonly texts: readonly ClassifiedText[];
  /** Which of the texts is laid open. */
  readonly selected: number;
  readonly progress: Progress | null;
  readonly error: Reason | null;
}

/** From the host to the page: the snapshot as a whole, which is small. */
export interface ClassificationMessage {
  readonly type: 'snapshot';
  readonly snapshot: ClassificationSnapshot;
}

export type ClassificationCommand = 'lmLab.fineTune' | 'lmLab.importModelFolder' | 'lmLab.showLog';

/** From the page to the host. */
export type ClassificationIntent =
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly text: number }
  /** Classifies the same texts by another model. */
  | { readonly type: 'chooseModel'; readonly model: string }
  | { readonly type: 'cancel' }
  | { readonly type: 'reveal'; readonly text: number; readonly token?: number }
  | { readonly type: 'copy' }
  | { readonly type: 'runCommand'; readonly command: ClassificationCommand };
