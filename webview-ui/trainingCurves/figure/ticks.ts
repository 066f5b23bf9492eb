/** Round places on a scale, about as many as wanted: multiples of 1, 2 or 5 times a power of ten. */
export function linearTicks(min: number, max: number, wanted: number): number[] {
  const rough = (max - min) / Math.max(1, wanted);
  if (!(rough > 0)) return [min];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(step => step >= rough * 0.999) ?? 10 * power;
  const first = Math.ceil(min / step - 1e-9);
  const count = Math.floor(max / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Powers of ten; where there are fewer than three of them, also 2 and 5 times these; where even these are few, any. */
export function logarithmicTicks(min: number, max: number): number[] {
  const powers = (factors: readonly number[]): number[] => {
    const from = Math.floor(Math.log10(min));
    const exponents = Array.from({ length: Math.ceil(Math.log10(max)) - from + 1 }, (_, i) => from + i);
    return exponents
      .flatMap(exponent => factors.map(factor => Number((factor * 10 ** exponent).toPrecision(12))))
      .filter(tick => tick >= min && tick <= max);
  };
  const tens = powers([1]);
  if (tens.length >= 3) return tens;
  const finer = powers([1, 2, 5]);
  return finer.length >= 2 ? finer : linearTicks(min, max, 3);
}
