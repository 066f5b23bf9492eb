import type { AnnotateIntent, AnnotateSnapshot, Marks, ShownItem } from '../../src/protocol/panels/annotate.ts';

/** What the page itself remembers of the item that is shown. */
export interface Judging {
  readonly item: ShownItem;
  readonly marks: Marks;
  /** The response that keys are about, from 0. */
  readonly at: number;
}

/** All that a view draws from and answers to. */
export interface PageContext {
  readonly snapshot: AnnotateSnapshot;
  /** Null where nothing is judged. */
  readonly judging: Judging | null;
  send(intent: AnnotateIntent): void;
  change(judging: Partial<Judging>): void;
}
