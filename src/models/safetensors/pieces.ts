import { Reasoned } from '../../protocol/result.ts';
import { elementCount } from './dtypes.ts';
import { readFloat32, rowsOf } from './float32.ts';
import { bytesOf, type Half, HALVES } from './halves.ts';
import type { TensorLocation } from './header.ts';

/** Numbers that are in memory at once, beside a matrix that must be turned over: 16 MB. */
export const PIECE_NUMBERS = 4 * 2 ** 20;

/** Some of a tensor's bytes, and the share of the tensor that they are. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly of: number;
}

/** A tensor in halves. @throws Reasoned `weights-not-a-number` where a number is beyond their range. */
export async function* halves(location: TensorLocation, precision: Half): AsyncGenerator<Piece> {
  const { convert, infinite } = HALVES[precision];
  const [rows = 1] = location.shape;
  const columns = elementCount(location.shape) / rows;
  const matrix = { ...location, shape: [rows, columns] };
  const atOnce = Math.max(1, Math.floor(PIECE_NUMBERS / columns));
  for (let from = 0; from < rows; from += atOnce) {
    const count = Math.min(atOnce, rows - from);
    const converted = convert(await readFloat32(rowsOf(matrix, from, count)));
    const bad = converted.findIndex(half => (half & 0x7fff) >= infinite);
    if (bad !== -1) throw notANumber(location.name, from + Math.floor(bad / columns), ` in ${precision}`);
    yield { bytes: bytesOf(converted), of: count / rows };
  }
}

/** A tensor in float32. */
export async function* whole(location: TensorLocation, signal?: AbortSignal): AsyncGenerator<Piece> {
  yield { bytes: bytesOf(await readFloat32(location, signal)), of: 1 };
}

export const notANumber = (name: string, row: number, where = ''): Reasoned =>
  new Reasoned(
    'weights-not-a-number',
    `Tensor "${name}" of the weights holds a number that is not finite${where}, in its row ${row}.`,
    where === ''
      ? 'The file is damaged or the training that made it diverged: use another checkpoint.'
      : 'Choose f32, or bf16, which has the range of f32.',
  );
