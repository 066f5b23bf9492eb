import type {
  TokenPlace,
  TokenProbabilitiesIntent,
  TokenProbabilitiesSnapshot,
} from '../../src/protocol/panels/tokenProbabilities.ts';
import { IN_ORDER, type Sort } from '../shared/gridColumns.ts';
import type { HeatLook } from '../shared/steps.ts';

/** What the page itself remembers, over reloads too. */
export interface UiState extends HeatLook {
  readonly sort: Sort;
  readonly focus: TokenPlace | null;
  /** The text that was laid open. */
  readonly selected: number;
  readonly starterNoticeClosed: boolean;
}

export const INITIAL_UI: UiState = {
  sort: IN_ORDER,
  hiddenSteps: [],
  underline: false,
  focus: null,
  selected: 0,
  starterNoticeClosed: false,
};

/** All that a view draws from and answers to. */
export interface PageContext {
  readonly snapshot: TokenProbabilitiesSnapshot;
  readonly ui: UiState;
  send(intent: TokenProbabilitiesIntent): void;
  change(ui: Partial<UiState>): void;
}

/** The label of a model's option, or its id. */
export const modelLabel = ({ models }: TokenProbabilitiesSnapshot, id: string): string =>
  models.find(model => model.id === id)?.label ?? id;
