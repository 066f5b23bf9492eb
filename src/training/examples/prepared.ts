import type { Call } from '../../protocol/engine.ts';
import type { SplitFile } from '../../protocol/run/folder.ts';
import type { Part } from '../../protocol/run/spec.ts';
import type { Examples } from './examples.ts';
import type { DatasetView } from './rows.ts';

/** The views that a run takes its rows from: one that is split, or one for each part. */
export type Views = Readonly<{ train: DatasetView } & Partial<Record<'validation' | 'test', DatasetView>>>;

export interface PreparedExamples {
  /** Null: the part is left out. */
  readonly parts: Readonly<Record<Part, Examples | null>>;
  readonly split: SplitFile;
  /** In the order of their numbers; null where the method has none. */
  readonly labels: readonly string[] | null;
}

export type PreparingCall = Pick<Call, 'signal' | 'onProgress'>;
