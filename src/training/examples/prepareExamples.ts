import { partEmpty, splitRows } from '../../data/split.ts';
import { datasetEmpty } from '../../protocol/datasetEmpty.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { SplitFile } from '../../protocol/run/folder.ts';
import { PARTS } from '../../protocol/run/names.ts';
import type { Part, RunSpec } from '../../protocol/run/spec.ts';
import { isEqualPair, rowsMeter } from './analysis.ts';
import { ExamplesBuilder, paddedLengthOf } from './build.ts';
import { cutRow, type Limits } from './cut.ts';
import type { Examples } from './examples.ts';
import { labelsOf, type RowLabel } from './labels.ts';
import { limitsOf } from './limits.ts';
import { Packer } from './pack.ts';
import { packTexts } from './packTexts.ts';
import type { PreparedExamples, PreparingCall, Views } from './prepared.ts';
import { type DatasetView, type ExamplesModel, rowEncoder } from './rows.ts';
import { isLeftOut } from './rowTexts.ts';

/** A part's rows, by their numbers in the view. */
interface PartSource {
  readonly part: Part;
  readonly dataset: DatasetView;
  readonly rows: Uint32Array;
}

/**
 * Makes the examples of all parts: split, rendered, encoded, cut. A row that keeps nothing to learn from is left out
 * and told in `split.leftOut`.
 * Throws `dataset-empty`, `split-part-empty`, `column-missing`, `one-class`, `label-unknown`, `length-over-context` and
 * the reasons of templates.
 */
export async function prepareExamples(
  spec: RunSpec,
  views: Views,
  model: ExamplesModel,
  call: PreparingCall,
): Promise<PreparedExamples> {
  for (const [part, { view }] of Object.entries(views)) if (view.count === 0) throw datasetEmpty(view.table.file, part);
  const limits = limitsOf(spec, model.contextLength);
  if (spec.method === 'lm' && views.train.view.table.format === 'txt')
    return packTexts(spec, views, model, limits, call);
  const prepared: Record<Part, ExamplesBuilder | null> = { train: null, validation: null, test: null };
  const numbers: Record<Part, number[]> = { train: [], validation: [], test: [] };
  const leftOut: SplitFile['leftOut'][number][] = [];
  const equalPairs: number[] = [];
  let paddedLength: number | null = null;
  for (const source of partSources(spec, views)) {
    const { part } = source;
    const partLimits =
      paddedLength === null ? limits : { ...limits, maxLength: Math.min(limits.maxLength, paddedLength) };
    const builder = new ExamplesBuilder();
    const lost = await encodePart(spec, source, model, partLimits, { builder, equalPairs }, call);
    requireRows(spec, source, builder.rows, lost);
    prepared[part] = builder;
    numbers[part] = [...source.rows].filter(row => !lost.has(row));
    for (const [row, reason] of lost)
      leftOut.push('files' in spec.dataset.split ? { row, reason, part } : { row, reason });
    if (part === 'train') paddedLength = paddedLengthOf(spec, builder.longest);
  }
  const labels = labelsOf(spec, rowLabels(prepared, numbers));
  const places = new Map(labels?.map((label, index) => [label, index]));
  const indexOf = labels ? (label: string): number => places.get(label) as number : undefined;
  const built = (part: Part): Examples | null => prepared[part]?.build(paddedLength, indexOf) ?? null;
  return {
    parts: { train: built('train'), validation: built('validation'), test: built('test') },
    split: {
      ...numbers,
      leftOut: leftOut.sort((a, b) => a.row - b.row),
      ...(equalPairs.length > 0 && { equalPairs: equalPairs.sort((a, b) => a - b) }),
    },
    labels,
  };
}

/** The training part first: what it is decides how the others are padded. */
function partSources({ dataset }: RunSpec, views: Views): PartSource[] {
  if ('files' in dataset.split)
    return PARTS.flatMap(part => {
      const view = views[part];
      return view
        ? [{ part, dataset: view, rows: Uint32Array.from({ length: view.view.count }, (_, row) => row) }]
        : [];
    });
  const rows = splitRows(views.train.view.count, dataset.split);
  return PARTS.filter(part => rows[part].length > 0).map(part => ({ part, dataset: views.train, rows: rows[part] }));
}

/** @returns The rows that were left out, with the reason of each. */
async function encodePart(
  spec: RunSpec,
  { part, dataset, rows }: PartSource,
  model: ExamplesModel,
  limits: Limits,
  { builder, equalPairs }: { readonly builder: ExamplesBuilder; readonly equalPairs: number[] },
  { signal, onProgress }: PreparingCall,
): Promise<Map<number, string>> {
  const encoder = rowEncoder(spec, dataset, model);
  const packer = spec.method === 'lm' ? new Packer(builder, limits.maxLength) : undefined;
  const leftOut = new Map<number, string>();
  const meter = rowsMeter(`Preparing the rows of ${part}`, rows.length, onProgress);
  for await (const batch of dataset.view.keep(rows).batches(signal, 64)) {
    for (const row of batch) {
      const number = rows[row.row] as number;
      const texts = encoder.texts(row);
      const encoded = isLeftOut(texts) ? texts : encoder.encode(texts);
      const cut = isLeftOut(encoded) || packer ? encoded : cutRow(encoded, limits);
      if (!isLeftOut(texts) && isEqualPair(texts)) equalPairs.push(number);
      if (isLeftOut(cut)) leftOut.set(number, cut.leftOut);
      else if (packer) for (const { ids } of cut.sequences) packer.add(ids);
      else builder.add(cut, limits.scored);
    }
    meter(batch.at(-1)?.row ?? 0);
  }
  packer?.end();
  return leftOut;
}

function* rowLabels(
  builders: Readonly<Record<Part, ExamplesBuilder | null>>,
  numbers: Readonly<Record<Part, readonly number[]>>,
): Generator<RowLabel> {
  for (const part of PARTS)
    for (const [index, label] of (builders[part]?.labels ?? []).entries())
      if (label !== undefined) yield { label, part, row: numbers[part][index] as number };
}

function requireRows(
  { dataset }: RunSpec,
  { part, rows }: PartSource,
  left: number,
  lost: ReadonlyMap<number, string>,
): void {
  if (left > 0) return;
  if (lost.size === 0 && !('files' in dataset.split)) throw partEmpty(part, dataset.split[part], rows.length, 'rows');
  const [reason = 'too little text'] = lost.values();
  throw new Reasoned(
    'part-without-rows',
    `No row is left for ${part}: of all ${rows.length}, the first is left out as ${reason}.`,
    'Check dataset.columns and training.maxLength.',
  );
}
