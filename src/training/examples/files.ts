import {
  readBytes,
  readHeader,
  readMetadata,
  type TensorLocation,
  writeSafetensors,
} from '../../models/safetensors.ts';
import { Reasoned } from '../../protocol/result.ts';
import { type Examples, rowCount } from './examples.ts';

/**
 * Writes examples as data/<part>.safetensors: ids int32 [tokens], offsets int64 [sequences + 1], promptTokens int32
 * [sequences], scored uint8 [tokens], labels int64 [rows], and the header's strings `sequencesPerRow` and `paddedLength`.
 */
export async function writeExamples(file: string, examples: Examples): Promise<void> {
  const { ids, offsets, promptTokens, scored, labels, rowOffsets, paddedLength } = examples;
  const sequencesPerRow = evenly(rowOffsets);
  const numbers = (name: string, values: readonly number[]) =>
    ({ name, dtype: 'I64', shape: [values.length], data: BigInt64Array.from(values, BigInt) }) as const;
  await writeSafetensors(
    file,
    [
      { name: 'ids', dtype: 'I32', shape: [ids.length], data: ids },
      numbers('offsets', offsets),
      { name: 'promptTokens', dtype: 'I32', shape: [promptTokens.length], data: promptTokens },
      { name: 'scored', dtype: 'U8', shape: [scored.length], data: scored },
      ...(labels ? [numbers('labels', labels)] : []),
      ...(sequencesPerRow === undefined ? [numbers('rowOffsets', rowOffsets)] : []),
    ],
    {
      sequencesPerRow: sequencesPerRow === undefined ? 'variable' : String(sequencesPerRow),
      ...(paddedLength !== null && { paddedLength: String(paddedLength) }),
    },
  );
}

/** 1 or 2 where every row has as many sequences. */
function evenly(rowOffsets: readonly number[]): 1 | 2 | undefined {
  for (const each of [1, 2] as const) if (rowOffsets.every((offset, row) => offset === row * each)) return each;
  return undefined;
}

/** Throws `examples-invalid`, and what reading a safetensors file throws. */
export async function readExamples(file: string): Promise<Examples> {
  const tensors = await readHeader(file);
  const metadata = await readMetadata(file);
  const read = async (name: string, dtype: TensorLocation['dtype']): Promise<ArrayBuffer | undefined> => {
    const location = tensors.get(name);
    if (!location) return undefined;
    if (location.dtype !== dtype) throw invalid(file, `"${name}" is ${location.dtype}, not ${dtype}`);
    return readBytes(location);
  };
  const required = async (name: string, dtype: TensorLocation['dtype']): Promise<ArrayBuffer> => {
    const bytes = await read(name, dtype);
    if (!bytes) throw invalid(file, `it has no "${name}"`);
    return bytes;
  };
  const numbers = (bytes: ArrayBuffer): number[] => Array.from(new BigInt64Array(bytes), Number);
  const offsets = numbers(await required('offsets', 'I64'));
  const rowOffsets = await read('rowOffsets', 'I64');
  const labels = await read('labels', 'I64');
  const examples: Examples = {
    ids: new Int32Array(await required('ids', 'I32')),
    offsets,
    promptTokens: new Int32Array(await required('promptTokens', 'I32')),
    scored: new Uint8Array(await required('scored', 'U8')),
    labels: labels ? numbers(labels) : null,
    rowOffsets: rowOffsets ? numbers(rowOffsets) : regular(file, metadata['sequencesPerRow'], offsets.length - 1),
    paddedLength: metadata['paddedLength'] === undefined ? null : Number(metadata['paddedLength']),
  };
  check(file, examples);
  return examples;
}

function regular(file: string, sequencesPerRow: string | undefined, sequences: number): number[] {
  const each = Number(sequencesPerRow);
  if (!(each === 1 || each === 2) || sequences % each !== 0)
    throw invalid(file, `sequencesPerRow is ${sequencesPerRow}, and there are ${sequences} sequences`);
  return Array.from({ length: sequences / each + 1 }, (_, row) => row * each);
}

function check(file: string, examples: Examples): void {
  const { ids, offsets, promptTokens, scored, labels, rowOffsets } = examples;
  const sequences = offsets.length - 1;
  if (offsets[0] !== 0 || offsets.at(-1) !== ids.length) throw invalid(file, 'its offsets are not those of its ids');
  if (scored.length !== ids.length || promptTokens.length !== sequences || rowOffsets.at(-1) !== sequences)
    throw invalid(file, 'its tensors do not belong together');
  if (labels && labels.length !== rowCount(examples)) throw invalid(file, 'it has not a label for each row');
}

const invalid = (file: string, why: string): Reasoned =>
  new Reasoned(
    'examples-invalid',
    `"${file}" does not hold prepared examples: ${why}.`,
    'Delete the run’s data folder, and start the run anew.',
  );
