/** Numbers that are appended one by one, in eight bytes each. */
export class GrowingNumbers {
  private values = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  /** @throws RangeError */
  at(index: number): number {
    if (index < 0 || index >= this.length) throw new RangeError(`There is no number ${index} of ${this.length}.`);
    return this.values[index] as number;
  }

  get last(): number | undefined {
    return this.length === 0 ? undefined : this.values[this.length - 1];
  }
}
