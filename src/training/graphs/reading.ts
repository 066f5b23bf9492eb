/** A sequence that goes through the model, and which of its positions are read, in rising order. */
export interface Reading {
  /** Its number within its part. */
  readonly sequence: number;
  readonly ids: ArrayLike<number>;
  readonly read: readonly number[];
  /** How many of the ids are padding that is attended to. */
  readonly padding?: number;
}
