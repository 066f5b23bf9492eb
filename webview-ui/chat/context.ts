import type { ChatIntent, ChatSnapshot } from '../../src/protocol/panels/chat.ts';
import type { HeatLook } from '../shared/steps.ts';

/** What the page itself remembers, over reloads too. */
export interface UiState extends HeatLook {
  /** What is being written, ahead of the host; null: as the host has it. */
  readonly draft: string | null;
  /** The turn that is being rewritten. */
  readonly editing: { readonly turn: number; readonly content: string } | null;
  /** Replies are drawn with heat. */
  readonly heat: boolean;
  /** Template and decoding settings are laid open. */
  readonly setup: boolean;
  /** The pane that shows what the model gets is open. */
  readonly pane: boolean;
  /** It shows the ids. */
  readonly ids: boolean;
  /** The models whose notice was closed. */
  readonly noticesClosed: readonly string[];
}

export const INITIAL_UI: UiState = {
  draft: null,
  editing: null,
  heat: true,
  hiddenSteps: [],
  underline: false,
  setup: false,
  pane: true,
  ids: true,
  noticesClosed: [],
};

/** All that a view draws from and answers to. */
export interface PageContext {
  readonly snapshot: ChatSnapshot;
  readonly ui: UiState;
  send(intent: ChatIntent): void;
  change(ui: Partial<UiState>): void;
}

/** What is written in the composer. */
export const draftOf = ({ snapshot, ui }: PageContext): string => ui.draft ?? snapshot.draft;

export const isReplying = ({ state }: ChatSnapshot): boolean => state.kind === 'replying';
