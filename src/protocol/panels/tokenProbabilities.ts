import type { Progress, ScoredText } from '../engine.ts';
import type { Reason } from '../result.ts';

/** All that the Token Probabilities panel shows. The page is a pure function of the last one. */
export interface TokenProbabilitiesSnapshot {
  readonly state: PanelState;
  readonly models: readonly ModelOption[];
  /** Id of the model that scored. */
  readonly model: string;
  /** Id of the second model, or null. */
  readonly comparedModel: string | null;
  /** Such as `cpu` or `cpu int8`. */
  readonly device: string;
  /** Of the second model, while there is one. */
  readonly comparedDevice: string | null;
  /** The document changed since it was scored. */
  readonly stale: boolean;
  readonly document: { readonly uri: string; readonly name: string } | null;
  readonly texts: readonly PanelText[];
  /** Index into `texts` of the one that is laid open. */
  readonly selected: number;
  /** The starter is in use: the panel offers the real GPT-2. */
  readonly offersGpt2: boolean;
}

export type PanelState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'loading'; readonly progress: Progress }
  | { readonly kind: 'failed'; readonly error: Reason }
  | { readonly kind: 'ready' };

export interface ModelOption {
  readonly id: string;
  /** Such as `starter · 12 M`. */
  readonly label: string;
}

/** Where a text starts in the document: UTF-16 offset, and line from 1. */
export interface TextPlace {
  readonly offset: number;
  readonly line: number;
}

export interface PanelText extends TextPlace {
  readonly scored: ScoredText;
  /** The same text by the second model. */
  readonly compared: ScoredText | null;
}

/** From the host to the page. */
export type TokenProbabilitiesMessage =
  | { readonly type: 'snapshot'; readonly snapshot: TokenProbabilitiesSnapshot }
  /** Fields of the last snapshot that are new: progress and staleness need not send the tokens again. */
  | { readonly type: 'changes'; readonly changes: Partial<TokenProbabilitiesSnapshot> }
  /** The document was edited around the texts: where each of them starts now. */
  | { readonly type: 'places'; readonly places: readonly TextPlace[] }
  /** The cursor went to this token in the editor; null: to none. */
  | { readonly type: 'focus'; readonly token: TokenPlace | null };

export interface TokenPlace {
  readonly text: number;
  readonly token: number;
}

/** What the user did in the page. */
export type TokenProbabilitiesIntent =
  | { readonly type: 'ready' }
  | { readonly type: 'selectText'; readonly text: number }
  | { readonly type: 'reveal'; readonly place: TokenPlace }
  /** Write another token in the document in place of this one: one undo. */
  | { readonly type: 'replace'; readonly place: TokenPlace; readonly with: string }
  | { readonly type: 'chooseModel'; readonly model: string }
  | { readonly type: 'compareWith'; readonly model: string | null }
  | { readonly type: 'scoreAgain' }
  | { readonly type: 'cancel' }
  | { readonly type: 'copyTsv' }
  | { readonly type: 'export'; readonly format: 'csv' | 'json' }
  | { readonly type: 'runCommand'; readonly command: TokenProbabilitiesCommand };

/** The commands that the page has buttons for. */
export type TokenProbabilitiesCommand =
  | 'lmLab.scoreFile'
  | 'lmLab.downloadModel'
  | 'lmLab.chooseModel'
  | 'lmLab.showLog'
  | 'lmLab.openSamples';
