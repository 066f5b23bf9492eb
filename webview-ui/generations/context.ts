import { tokensOf } from '../../src/protocol/branches.ts';
import type {
  BranchToken,
  ColumnDetail,
  ColumnResult,
  GenerationColumn,
  GenerationsIntent,
  GenerationsSnapshot,
  GenerationsView,
} from '../../src/protocol/panels/generations.ts';
import { IN_ORDER } from '../shared/gridColumns.ts';

export const INITIAL_VIEW: GenerationsView = {
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
  readonly ui: GenerationsView;
  send(intent: GenerationsIntent): void;
  change(ui: Partial<GenerationsView>): void;
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

export const isOpen = ({ open }: GenerationsView, column: string, detail: ColumnDetail): boolean =>
  open[column]?.includes(detail) ?? false;

/** What is open after a detail of a column was opened or closed. */
export function toggledDetail(
  { open }: GenerationsView,
  column: string,
  detail: ColumnDetail,
): Pick<GenerationsView, 'open'> {
  const before = open[column] ?? [];
  const after = before.includes(detail) ? before.filter(one => one !== detail) : [...before, detail];
  return { open: { ...open, [column]: after } };
}

/** The compared columns after one was chosen: it joins the last one chosen, or leaves. */
export const toggledCompared = (compared: readonly string[], column: string): readonly string[] =>
  compared.includes(column) ? compared.filter(id => id !== column) : [...compared, column].slice(-2);
