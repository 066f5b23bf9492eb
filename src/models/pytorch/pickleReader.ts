import { Reasoned } from '../../protocol/result.ts';

/** A cursor over a pickle's bytes. Every read is checked against the end. */
export class PickleReader {
  private readonly bytes: Buffer;
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.take(1).readUInt8();
  }

  /** Little-endian, of 2, 4 or 8 bytes. */
  unsigned(length: 2 | 4 | 8): number {
    const bytes = this.take(length);
    return length === 8 ? Number(bytes.readBigUInt64LE()) : bytes.readUIntLE(0, length);
  }

  int32(): number {
    return this.take(4).readInt32LE();
  }

  /** Big-endian, as pickle has it. */
  float64(): number {
    return this.take(8).readDoubleBE();
  }

  /** Two's complement, little-endian: sizes and offsets, of 6 bytes at most. */
  long(length: number): number {
    if (length > 6) throw damaged(`an integer of ${length} bytes`);
    return length === 0 ? 0 : this.take(length).readIntLE(0, length);
  }

  text(length: number): string {
    return this.take(length).toString('utf8');
  }

  /** Up to the next line feed, which is read and left out. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw damaged('a name without an end');
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
  }

  private take(length: number): Buffer {
    const end = this.position + length;
    if (end > this.bytes.length) throw damaged(`a value that ends at byte ${end} of ${this.bytes.length}`);
    const taken = this.bytes.subarray(this.position, end);
    this.position = end;
    return taken;
  }
}

const damaged = (what: string): Reasoned =>
  new Reasoned('weights-corrupt', `The pickle in the weights is damaged: it has ${what}.`, 'Download the model again.');
