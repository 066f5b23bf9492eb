import type { FineTuneIntent, FineTuneSnapshot } from '../../src/protocol/panels/fineTune.ts';
import type { RunProblem } from '../../src/protocol/run/check.ts';
import type { RunRequest, RunSpec } from '../../src/protocol/run/spec.ts';

/** What the page itself remembers, over reloads too. */
export interface UiState {
  /** Groups that differ from how they are at first: open or closed. */
  readonly toggled: readonly string[];
  readonly estimateOpen: boolean;
}

export const INITIAL_UI: UiState = { toggled: [], estimateOpen: false };

/** All that a view draws from and answers to. */
export interface PageContext {
  readonly snapshot: FineTuneSnapshot;
  /** As it is written now, ahead of the host. */
  readonly request: RunRequest;
  /** With its defaults. */
  readonly spec: RunSpec;
  /** By the path of the field that they are shown at. */
  readonly problems: ReadonlyMap<string, RunProblem>;
  readonly ui: UiState;
  /** Another value of a field; undefined: its default. */
  set(path: string, value: unknown): void;
  send(intent: FineTuneIntent): void;
  change(ui: Partial<UiState>): void;
}
