import { tokensOf } from '../../src/protocol/branches.ts';
import type {
  BranchToken,
  ColumnResult,
  GenerationColumn,
  GenerationsIntent,
  GenerationsSnapshot,
} from '../../src/protocol/panels/generations.ts';
import { IN_ORDER, type Sort } from '../shared/gridColumns.ts';
import type { HeatLook } from '../shared/steps.ts';

/** What can be laid open under a column. */
export type Detail = 'settings' | 'tokens' | 'beams';

/** What the page itself remembers, over reloads too. */
export interface UiState extends HeatLook {
  /** What is laid open, such as `tokens` under a column's id. */
  readonly open: Readonly<Record<string, readonly Detail[]>>;
  /** Ids of the columns whose texts are compared: none, one that waits for another, or two. */
  readonly compared: readonly string[];
  readonly sort: Sort;
  readonly starterNoticeClosed: boolean;
}

export const INITIAL_UI: UiState = {
  open: {},
  compared: [],
  sort: IN_ORDER,
  hiddenSteps: [],
  underline: false,
  starterNoticeClosed: false,
};

/** All that a view draws from and answers to. */
export interface PageContext {
  readonly snapshot: GenerationsSnapshot;
  readonly ui: UiState;
  send(intent: GenerationsIntent): void;
  change(ui: Partial<UiState>): void;
}

/** A column, what it made, and the tokens of the text that is read. */
export interface ShownColumn {
  readonly column: GenerationColumn;
  readonly index: number;
  readonly result: ColumnResult | null;
  readonly tokens: readonly BranchToken[];
}

export const shownColumns = ({ columns, results }: GenerationsSnapshot): ShownColumn[] =>
  columns.map((column, index) => {
    const result = results[column.id] ?? null;
    return { column, index, result, tokens: result ? tokensOf(result.branches, result.selected) : [] };
  });

export const isOpen = ({ open }: UiState, column: string, detail: Detail): boolean =>
  open[column]?.includes(detail) ?? false;

/** What is open after a detail of a column was opened or closed. */
export function toggledDetail({ open }: UiState, column: string, detail: Detail): Pick<UiState, 'open'> {
  const before = open[column] ?? [];
  const after = before.includes(detail) ? before.filter(one => one !== detail) : [...before, detail];
  return { open: { ...open, [column]: after } };
}

/** The compared columns after one was chosen: it joins the last one chosen, or leaves. */
export const toggledCompared = (compared: readonly string[], column: string): readonly string[] =>
  compared.includes(column) ? compared.filter(id => id !== column) : [...compared, column].slice(-2);
