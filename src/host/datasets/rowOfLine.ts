/**
 * The row that stands at a line of the file, or that began before it: rows after the steps keep the order of the file,
 * so that halving finds it. `lineOf` tells where a row starts. Null: the line is before every row.
 */
export async function rowOfLine(
  line: number,
  rows: number,
  lineOf: (row: number) => Promise<number | undefined>,
): Promise<number | null> {
  let [low, high] = [-1, rows - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const start = await lineOf(middle);
    if (start === undefined) return null;
    if (start <= line) low = middle;
    else high = middle - 1;
  }
  return low < 0 ? null : low;
}
