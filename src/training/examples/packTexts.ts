import { fileText } from '../../data/open.ts';
import { splitRows } from '../../data/split.ts';
import { cellText } from '../../data/table.ts';
import { datasetEmpty } from '../../protocol/datasetEmpty.ts';
import { PARTS } from '../../protocol/run/names.ts';
import type { Part, RunSpec } from '../../protocol/run/spec.ts';
import { ExamplesBuilder, paddedLengthOf } from './build.ts';
import type { Limits } from './cut.ts';
import type { Examples } from './examples.ts';
import { idsOfText, Packer } from './pack.ts';
import type { PreparedExamples, PreparingCall, Views } from './prepared.ts';
import type { DatasetView, ExamplesModel } from './rows.ts';

/** A plain text is one text: packed first, then split by pieces. Throws `dataset-empty` and as `splitRows`. */
export async function packTexts(
  spec: RunSpec,
  views: Views,
  model: ExamplesModel,
  { maxLength }: Limits,
  call: PreparingCall,
): Promise<PreparedExamples> {
  const packed = async ({ view }: DatasetView): Promise<Int32Array[]> => {
    const pieces: Int32Array[] = [];
    const packer = new Packer({ addPiece: piece => void pieces.push(piece) }, maxLength);
    const text = spec.dataset.steps.length === 0 ? fileText(view.table, call) : linesAgain(view, call.signal);
    let tokens = 0;
    for await (const ids of idsOfText(text, model.tokenizer)) {
      packer.add(ids);
      tokens += ids.length;
      call.onProgress?.({ message: 'Encoding the text', done: tokens, unit: 'tokens' });
    }
    if (spec.training.endToken && model.tokenizer.endOfText !== null) packer.add([model.tokenizer.endOfText]);
    packer.end();
    return pieces;
  };
  const built = (pieces: readonly Int32Array[], numbers: readonly number[]): Examples | null => {
    const builder = new ExamplesBuilder();
    for (const number of numbers) builder.addPiece(pieces[number] as Int32Array);
    return numbers.length === 0 ? null : builder.build(paddedLengthOf(spec, maxLength));
  };
  const { split } = spec.dataset;
  const numbers: Record<Part, readonly number[]> = { train: [], validation: [], test: [] };
  const parts: Record<Part, Examples | null> = { train: null, validation: null, test: null };
  const pieces = await packed(views.train);
  if (pieces.length === 0) throw datasetEmpty(views.train.view.table.file);
  const rows = 'files' in split ? undefined : splitRows(pieces.length, split, 'pieces');
  for (const part of PARTS) {
    const own = views[part];
    const partPieces = rows || part === 'train' ? pieces : own ? await packed(own) : [];
    numbers[part] = rows ? [...rows[part]] : [...partPieces.keys()];
    parts[part] = built(partPieces, numbers[part]);
  }
  return {
    parts,
    split: { train: numbers.train, validation: numbers.validation, test: numbers.test, leftOut: [] },
    labels: null,
  };
}

async function* linesAgain(view: DatasetView['view'], signal: AbortSignal | undefined): AsyncGenerator<string> {
  for await (const rows of view.batches(signal)) yield rows.map(({ cells }) => `${cellText(cells[0])}\n`).join('');
}
