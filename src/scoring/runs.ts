import type { Attended } from '../gpt2/mask.ts';
import type { Window } from './windows.ts';

/** A window of one of several token sequences. */
export interface Piece extends Window {
  /** Which sequence. */
  readonly sequence: number;
  /** The window's tokens. */
  readonly ids: readonly number[];
}

/** What goes through the model at once. Its rows are the tokens that something is predicted from. */
export interface PackedRun {
  readonly ids: readonly number[];
  readonly positions: readonly number[];
  readonly attended: Attended;
  readonly pieces: readonly Piece[];
}

/** The rows that a piece needs: all its tokens but the last, from which nothing is predicted. */
export const rowsOf = ({ start, end }: Window): number => end - start - 1;

/**
 * Puts short pieces side by side, up to `mostRows` rows: reading the weights once serves them all, and no row is
 * padding. Each sees itself alone. A piece that is longer gets a run of its own.
 */
export function* packed(pieces: Iterable<Piece>, mostRows: () => number): Generator<PackedRun> {
  let together: Piece[] = [];
  let rows = 0;
  for (const piece of pieces) {
    if (together.length > 0 && rows + rowsOf(piece) > mostRows()) {
      yield runOf(together);
      [together, rows] = [[], 0];
    }
    together.push(piece);
    rows += rowsOf(piece);
  }
  if (together.length > 0) yield runOf(together);
}

function runOf(pieces: readonly Piece[]): PackedRun {
  const ids: number[] = [];
  const positions: number[] = [];
  const starts: number[] = [];
  for (const piece of pieces) {
    const first = ids.length;
    for (let position = 0; position < rowsOf(piece); position++) {
      ids.push(piece.ids[position] as number);
      positions.push(position);
      starts.push(first);
    }
  }
  return { ids, positions, attended: { kind: 'packed', starts }, pieces };
}
