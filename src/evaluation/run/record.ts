import type { EvaluatedRow, EvaluationStatus } from '../../protocol/evaluation/folder.ts';

/** How far an evaluation is. */
export type Noted = Partial<
  Pick<
    EvaluationStatus,
    'message' | 'rowsDone' | 'rowsTotal' | 'secondsLeft' | 'elapsedSeconds' | 'device' | 'precisions'
  >
>;

/** Where what is found is kept. */
export interface EvaluationRecord {
  /** Rows that were done in earlier sessions. */
  readonly done: ReadonlySet<number>;
  /** Of earlier sessions. */
  readonly elapsedSeconds: number;
  /** The folder, where there is one. */
  readonly folder: string | null;
  append(rows: readonly EvaluatedRow[]): Promise<void>;
  /** All that was found, from the first on. */
  rows(): AsyncIterable<EvaluatedRow>;
  note(changes: Noted): void;
}

/** Keeps everything in memory. */
export function memoryRecord(): EvaluationRecord & { readonly kept: readonly EvaluatedRow[] } {
  const kept: EvaluatedRow[] = [];
  return {
    kept,
    done: new Set(),
    elapsedSeconds: 0,
    folder: null,
    append: async rows => {
      for (const row of rows) kept.push(row);
    },
    rows: async function* () {
      yield* kept;
    },
    note: () => {},
  };
}
