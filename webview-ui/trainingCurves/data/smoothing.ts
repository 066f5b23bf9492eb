/**
 * Exponential moving average, corrected for its start as Adam corrects its moments (Kingma and Ba 2015, section 3), so
 * that the first values are not drawn towards 0.
 *
 * @param weight of what came before, from 0 (the values as they are) to less than 1
 */
export function smoothed(values: Float64Array, weight: number): Float64Array {
  const result = new Float64Array(values.length);
  let [mean, share] = [0, 0];
  values.forEach((value, i) => {
    if (Number.isFinite(value)) {
      mean = weight * mean + (1 - weight) * value;
      share = weight * share + (1 - weight);
    }
    result[i] = share > 0 ? mean / share : value;
  });
  return result;
}
