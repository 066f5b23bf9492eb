import type { ClassificationIntent, ClassificationSnapshot } from '../../src/protocol/panels/classification.ts';

/** All that a view draws from and answers to. */
export interface PageContext {
  readonly snapshot: ClassificationSnapshot;
  /** The token whose probabilities are told; null: the last. */
  readonly pointed: number | null;
  send(intent: ClassificationIntent): void;
  point(token: number | null): void;
}

/** Colours and dashes that labels are told apart by; more labels take them again. */
export const LABEL_STYLES = 6;

export const labelClass = (label: number): string => `label-${label % LABEL_STYLES}`;
