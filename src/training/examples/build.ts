import type { RunSpec } from '../../protocol/run/spec.ts';
import type { Limits } from './cut.ts';
import { type EncodedRow, promptLength, scoredTokens } from './encode.ts';
import type { Examples } from './examples.ts';

/** Appends int32 numbers in place that doubles. */
class GrowingInt32 {
  private values = new Int32Array(4096);
  length = 0;

  append(numbers: ArrayLike<number>): void {
    let size = this.values.length;
    while (size < this.length + numbers.length) size *= 2;
    if (size > this.values.length) {
      const larger = new Int32Array(size);
      larger.set(this.values.subarray(0, this.length));
      this.values = larger;
    }
    this.values.set(numbers, this.length);
    this.length += numbers.length;
  }

  array(): Int32Array {
    return this.values.slice(0, this.length);
  }
}

/** Collects the sequences of a part. */
export class ExamplesBuilder {
  private readonly ids = new GrowingInt32();
  private readonly offsets: number[] = [0];
  private readonly prompts = new GrowingInt32();
  private scored = new Uint8Array(4096);
  private readonly rowOffsets: number[] = [0];
  private readonly rowLabels: (string | undefined)[] = [];
  private longestSequence = 0;

  get rows(): number {
    return this.rowOffsets.length - 1;
  }

  /** In tokens. */
  get longest(): number {
    return this.longestSequence;
  }

  /** Of each row, as the file has them. */
  get labels(): readonly (string | undefined)[] {
    return this.rowLabels;
  }

  add({ sequences, label }: EncodedRow, scored: Limits['scored']): void {
    for (const sequence of sequences)
      this.sequence(sequence.ids, promptLength(sequence), scoredTokens(sequence, scored));
    this.rowOffsets.push(this.offsets.length - 1);
    this.rowLabels.push(label);
  }

  /** A row of one sequence, all of which is learned from. */
  addPiece(ids: Int32Array): void {
    this.sequence(ids, 0, new Uint8Array(ids.length).fill(1, 1));
    this.rowOffsets.push(this.offsets.length - 1);
    this.rowLabels.push(undefined);
  }

  /** `indexOf` gives a label its number; absent where the rows have none. */
  build(paddedLength: number | null, indexOf?: (label: string) => number): Examples {
    return {
      ids: this.ids.array(),
      offsets: this.offsets,
      promptTokens: this.prompts.array(),
      scored: this.scored.slice(0, this.ids.length),
      labels: indexOf ? this.rowLabels.map(label => indexOf(label ?? '')) : null,
      rowOffsets: this.rowOffsets,
      paddedLength,
    };
  }

  private sequence(ids: ArrayLike<number>, prompt: number, scored: Uint8Array): void {
    const start = this.ids.length;
    this.ids.append(ids);
    this.prompts.append([prompt]);
    this.offsets.push(this.ids.length);
    this.longestSequence = Math.max(this.longestSequence, ids.length);
    if (this.scored.length < this.ids.length) {
      const larger = new Uint8Array(Math.max(this.ids.length, this.scored.length * 2));
      larger.set(this.scored);
      this.scored = larger;
    }
    this.scored.set(scored, start);
  }
}

/** What sequences are padded to; null: to the longest of their batch. */
export function paddedLengthOf({ training }: RunSpec, longestOfTraining: number): number | null {
  if (training.padding === 'batch') return null;
  return training.padding === 'longest' ? longestOfTraining : training.padding;
}
