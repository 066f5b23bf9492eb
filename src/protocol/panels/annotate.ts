import type { Verdict } from '../annotations/judgement.ts';
import type { AnnotationProblem, AnnotationSettings } from '../annotations/settings.ts';
import type { AnnotationSummary } from '../annotations/summary.ts';
import type { Progress } from '../engine.ts';
import type { Reason } from '../result.ts';
import type { ModelOption } from './tokenProbabilities.ts';
import type { FormMessage } from './formMessage.ts';

/** All that the Annotate panel shows. */
export interface AnnotateSnapshot extends AnnotateState {
  readonly models: readonly ModelOption[];
  /** The dataset, as a person names it: its path in the workspace folder. */
  readonly datasetName: string;
  readonly outputName: string;
  /** The starter is in use: the panel offers the real GPT-2. */
  readonly offersGpt2: boolean;
}

/** What is told when it changes. */
export interface AnnotateState {
  /** The dataset file. */
  readonly file: string;
  readonly settings: AnnotationSettings;
  readonly problems: readonly AnnotationProblem[];
  readonly stage: AnnotateStage;
  /** Prompts that were judged, in the output file. */
  readonly judged: number;
  /** Judgements of what had been judged before. */
  readonly judgedAgain: number;
  readonly skipped: number;
  /** Rows that are gone through in all; null: the file was not read yet. */
  readonly total: number | null;
  /** Prompts whose responses are ready, after the one that is shown. */
  readonly ahead: number;
  readonly canUndo: boolean;
  /** Of all judgements in the output file; null: there is none. */
  readonly summary: AnnotationSummary | null;
  /** The judge has asked which model is which. */
  readonly revealed: boolean;
  /** Why the last judgement could not be kept. */
  readonly unkept: Reason | null;
}

export type AnnotateStage =
  /** What is to be judged is being decided; nothing runs. */
  | { readonly kind: 'settings' }
  | { readonly kind: 'preparing'; readonly progress: Progress | null }
  | { readonly kind: 'judging'; readonly item: ShownItem }
  /** The next responses could not be made. */
  | { readonly kind: 'failed'; readonly prompt: string | null; readonly error: Reason }
  /** All rows were judged or passed over. */
  | { readonly kind: 'done' };

/** What the judge sees: no model is told. */
export interface ShownItem {
  /** Another one for each item that is shown. */
  readonly id: number;
  readonly prompt: string;
  readonly responses: readonly string[];
}

/** What the page keeps of itself over reloads: its file, and what is judged so far of an item. */
export interface SavedAnnotatePage {
  readonly file: string;
  readonly begun: { readonly prompt: string; readonly responses: readonly string[]; readonly marks: Marks } | null;
}

/** What was typed for each response so far: its rank from 1, or its score; null: nothing yet. */
export type Marks = readonly (number | null)[];

/** From the host to the page. */
export type AnnotateMessage = FormMessage<AnnotateSnapshot>;

/** What the user did in the page. */
export type AnnotateIntent =
  | { readonly type: 'ready' }
  | { readonly type: 'settings'; readonly changes: Partial<AnnotationSettings> }
  /** Asks where judgements are to go. */
  | { readonly type: 'chooseOutput' }
  /** Begins, or goes on where it was left. */
  | { readonly type: 'start' }
  /** Leaves off and shows the settings. */
  | { readonly type: 'pause' }
  | { readonly type: 'judge'; readonly item: number; readonly verdict: Verdict }
  /** Passes over the prompt that is shown, or that failed. */
  | { readonly type: 'skip' }
  | { readonly type: 'undo' }
  | { readonly type: 'tryAgain' }
  | { readonly type: 'reveal'; readonly on: boolean }
  | { readonly type: 'openDataset' }
  | { readonly type: 'openOutput' }
  | { readonly type: 'train'; readonly method: 'reward' | 'dpo' }
  | { readonly type: 'runCommand'; readonly command: AnnotateCommand };

/** The commands that the page has buttons for. */
export type AnnotateCommand = 'lmLab.showLog' | 'lmLab.downloadModel' | 'lmLab.chooseModel' | 'lmLab.restartEngine';
