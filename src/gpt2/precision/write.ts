import { elementCount } from '../../models/safetensors/dtypes.ts';
import {
  bytesOf,
  HALVES,
  halves,
  notANumber,
  type Piece,
  PIECE_NUMBERS,
  readFloat32,
  rowsOf,
  type TensorToWrite,
  whole,
} from '../../models/safetensors.ts';
import type { OpenOptions } from '../../models/weights.ts';
import { type Precision, weightBytes } from '../../protocol/precision.ts';
import { progressMeter } from '../../protocol/progress.ts';
import { throwIfAborted } from '../../protocol/result.ts';
import { hasOutputRows } from '../parameters.ts';
import type { WeightInFile } from '../weights.ts';
import type { Bits } from '../../onnx/graph.ts';
import { blockSize, columnsAsRows, type Quantized, quantizeRows } from './blocks.ts';

/** Of a number in a block. */
export const BITS = { int8: 8, int4: 4 } as const;

/** The parts of a matrix in blocks, by its own name. */
export const blockNames = (name: string) => ({ packed: `${name}.packed`, scales: `${name}.scales` });

/** How a matrix lies in blocks of `size`: along its rows [N, K], or along its columns where it is kept [K, N]. */
export interface Layout {
  readonly axis: 0 | 1;
  readonly rows: number;
  readonly columns: number;
  readonly size: number;
}

/** Null of a weight that is not kept in blocks: norms and biases, positions, and a matrix that no size of block fits. */
export function layoutOf({ name, shape }: Pick<WeightInFile, 'name' | 'shape'>, bits: Bits): Layout | null {
  if (shape.length !== 2 || name === 'wpe.weight') return null;
  const [first, second] = shape as readonly [number, number];
  const [rows, columns] = hasOutputRows(name) ? [first, second] : [second, first];
  const size = blockSize(columns, bits);
  return size === undefined ? null : { axis: hasOutputRows(name) ? 1 : 0, rows, columns, size };
}

/** Whether a weight is kept in halves by f16 and bf16. */
export const isInHalves = ({ shape }: Pick<WeightInFile, 'shape'>): boolean => shape.length === 2;

/**
 * Weights in a precision, to be written in this order: each is read when its turn comes, and cut into pieces between
 * which a cancel is seen.
 * @throws Reasoned `weights-not-a-number`, naming the tensor, and `cancelled`.
 */
export function inPrecision(
  weights: readonly WeightInFile[],
  precision: Exclude<Precision, 'f32'>,
  { signal, onProgress }: Pick<OpenOptions, 'signal' | 'onProgress'>,
): TensorToWrite[] {
  const total = weights.reduce((sum, { location }) => sum + location.sizeBytes, 0);
  const message = `Writing the weights in ${precision}, which take about ${memoryOf(weights, precision)} of memory`;
  const meter = progressMeter({ message, unit: 'bytes', total }, onProgress);
  const watched = async function* (weight: WeightInFile, pieces: AsyncIterable<Piece>): AsyncGenerator<Uint8Array> {
    for await (const { bytes, of } of pieces) {
      throwIfAborted(signal);
      yield bytes;
      meter.add(of * weight.location.sizeBytes);
    }
  };
  return weights.flatMap(weight => {
    const { name, shape, location } = weight;
    if (precision === 'int8' || precision === 'int4') {
      const bits = BITS[precision];
      const layout = layoutOf(weight, bits);
      if (layout) return quantized(weight, layout, bits, watched);
    } else if (isInHalves(weight)) {
      return { name, shape, dtype: HALVES[precision].dtype, data: watched(weight, halves(location, precision)) };
    }
    return { name, shape, dtype: 'F32', data: watched(weight, whole(location)) };
  });
}

const memoryOf = (weights: readonly WeightInFile[], precision: Precision): string => {
  const parameters = weights.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return `${(weightBytes(parameters, precision) / 1e9).toFixed(2)} GB`;
};

type Watched = (weight: WeightInFile, pieces: AsyncIterable<Piece>) => AsyncGenerator<Uint8Array>;

function quantized(weight: WeightInFile, layout: Layout, bits: Bits, watched: Watched): TensorToWrite[] {
  const names = blockNames(weight.name);
  const { rows, columns, size } = layout;
  const perRow = columns / size;
  const scales = new Float32Array(rows * perRow);
  const packed = async function* (): AsyncGenerator<Piece> {
    let from = 0;
    for await (const blocks of pieces(weight, layout, bits)) {
      const bad = blocks.scales.findIndex(scale => !Number.isFinite(scale));
      if (bad !== -1) throw notANumber(weight.name, Math.floor((from + bad) / perRow));
      scales.set(blocks.scales, from);
      from += blocks.scales.length;
      yield { bytes: blocks.packed, of: blocks.scales.length / scales.length };
    }
  };
  // The scales come after the numbers that they were found with.
  const kept = async function* (): AsyncGenerator<Piece> {
    yield { bytes: bytesOf(scales), of: 0 };
  };
  const shape = [rows, perRow, (size * bits) / 8];
  return [
    { name: names.packed, dtype: 'U8', shape, data: watched(weight, packed()) },
    { name: names.scales, dtype: 'F32', shape: [rows, perRow], data: watched(weight, kept()) },
  ];
}

async function* pieces(
  { location }: WeightInFile,
  { axis, rows, columns, size }: Layout,
  bits: Bits,
): AsyncGenerator<Quantized> {
  const atOnce = Math.max(1, Math.floor(PIECE_NUMBERS / columns));
  const turned = axis === 0 ? await readFloat32(location) : null;
  for (let from = 0; from < rows; from += atOnce) {
    const count = Math.min(atOnce, rows - from);
    const values = turned
      ? columnsAsRows(turned, [columns, rows], from, count)
      : await readFloat32(rowsOf(location, from, count));
    yield quantizeRows(values, bits, size);
  }
}
