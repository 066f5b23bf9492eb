import { fileVersion } from '../../data/bytes.ts';
import type { DatasetRequest, LaidOpenBatch } from '../../protocol/dataset.ts';
import type { Call } from '../../protocol/engine.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import { microBatches, orderOfEpoch } from '../../training/batches.ts';
import { type Examples, rowCount, sequencesOfRow } from '../../training/examples/examples.ts';
import type { PreparedExamples } from '../../training/examples/prepared.ts';
import { prepareExamples } from '../../training/examples/prepareExamples.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { type Asked, type Encoding, encodingOf, withViews } from './setting.ts';

/** What the loss ignores, as PyTorch's cross-entropy has it. */
const IGNORED = -100;

/** A micro-batch of the first epoch. Throws `batch-missing`, and what prevents preparing. */
export async function layOpen(
  request: DatasetRequest & { readonly batch: number },
  asked: Asked,
  call: Call,
): Promise<LaidOpenBatch> {
  const encoding = await encodingOf(request, asked);
  const { training } = encoding.spec;
  const { parts, split, labels } = await prepared(encoding, asked, call);
  const train = parts.train as Examples;
  const batches = batchesOf(encoding.spec, rowCount(train));
  if (!(request.batch >= 0 && request.batch < batches && Number.isInteger(request.batch)))
    throw new Reasoned(
      'batch-missing',
      `There is no batch ${request.batch}: an epoch has ${batches}, counted from 0.`,
      'Choose one of them.',
    );
  const step = Math.floor(request.batch / training.accumulation);
  const microBatch = request.batch % training.accumulation;
  const { rows = [] } = microBatches(train, orderOfEpoch(train, 0, training), step, training)[microBatch] ?? {};
  const packed = encoding.spec.method === 'lm';
  return {
    step,
    microBatch,
    rows: packed ? rows : rows.map(row => split.train[row] as number),
    ...laidOpen(train, rows, encoding.model.tokenizer),
    ...(labels && train.labels && { labels: rows.map(row => labels[train.labels?.[row] as number] as string) }),
    batches,
  };
}

async function prepared({ spec, model, modelKey }: Encoding, asked: Asked, call: Call): Promise<PreparedExamples> {
  const { method, dataset, training, classification, sft, ppo } = spec;
  const files = 'files' in dataset.split ? Object.values(dataset.split.files) : [];
  const versions = await Promise.all([dataset.file, ...files].map(fileVersion));
  const key = JSON.stringify([versions, modelKey, method, dataset, training, classification, sft, ppo]);
  return asked.setting.datasets.prepared.of(key, call, call =>
    withViews(asked, call, views => prepareExamples(spec, views, model, call)),
  );
}

function batchesOf({ training }: RunSpec, rows: number): number {
  const { batchSize, accumulation, dropLast } = training;
  return dropLast ? Math.floor(rows / (batchSize * accumulation)) * accumulation : Math.ceil(rows / batchSize);
}

function laidOpen(
  examples: Examples,
  rows: readonly number[],
  tokenizer: Tokenizer,
): Pick<LaidOpenBatch, 'shape' | 'cells'> {
  const sequences = rows.flatMap(row => sequencesOfRow(examples, row));
  const lengths = sequences.map(
    sequence => (examples.offsets[sequence + 1] as number) - (examples.offsets[sequence] as number),
  );
  const width = examples.paddedLength ?? Math.max(...lengths);
  const padding = { id: tokenizer.endOfText ?? 0, text: '', target: IGNORED, padded: true };
  const cells = sequences.map((sequence, index) => {
    const start = examples.offsets[sequence] as number;
    const length = lengths[index] as number;
    return Array.from({ length: width }, (_, at) => {
      if (at >= length) return padding;
      const id = examples.ids[start + at] as number;
      const next = at + 1 < length && examples.scored[start + at + 1] === 1;
      const target = next ? (examples.ids[start + at + 1] as number) : IGNORED;
      return { id, text: tokenizer.tokenText(id), target, padded: false };
    });
  });
  return { shape: [sequences.length, width], cells };
}
