import { type Feed, int64 } from '../../onnx/session.ts';
import { type Examples, idsOf, sequencesOfRow, targetsOf } from '../examples/examples.ts';
import type { Reading } from '../graphs/reading.ts';
import type { MicroBatch } from '../learner.ts';
import { headCrossEntropy } from '../losses/crossEntropy.ts';
import type { Found, Method, Purpose } from './method.ts';

/** The mean negative log-likelihood of all scored tokens (contracts §5), each told by the position before it. */
export const scoredTokens: Omit<Method, 'name'> = {
  scoring: null,
  units: batch => trained(batch).reduce((sum, sequence) => sum + targetsOf(batch.examples, sequence).length, 0),
  readings: (batch, purpose) => sequencesOf(batch, purpose).map(sequence => scoredReading(batch.examples, sequence)),
  build({ hidden, head }) {
    const targets = hidden.graph.input('targets', 'int64', ['N']);
    return { losses: headCrossEntropy(hidden, head.weight, targets).losses, outputs: {} };
  },
  feeds: (_, readings) => ({ targets: nextTokens(readings) }),
  figures: (batch, purpose, losses) => {
    const { lossSum, units } = total(batch, purpose, losses);
    return { lossSum, units, ...likeliestWords(batch, purpose, losses) };
  },
};

/** Where a row has several sequences, one for each label, that of its own label trains. */
const trained = ({ examples, rows }: MicroBatch): number[] =>
  rows.flatMap(row => {
    const sequences = sequencesOfRow(examples, row);
    const label = examples.labels?.[row];
    return label === undefined ? sequences : [sequences[label] as number];
  });

const sequencesOf = (batch: MicroBatch, purpose: Purpose): number[] =>
  purpose === 'train' ? trained(batch) : batch.rows.flatMap(row => sequencesOfRow(batch.examples, row));

/** The tokens that come after those that are read: [N]. */
export const nextTokens = (readings: readonly Reading[]): Feed =>
  int64(readings.flatMap(({ ids, read }) => read.map(position => ids[position + 1] as number)));

/** A sequence, read where a scored token comes next. */
export const scoredReading = (examples: Examples, sequence: number): Reading => ({
  sequence,
  ids: idsOf(examples, sequence),
  read: targetsOf(examples, sequence).map(position => position - 1),
});

function sums(batch: MicroBatch, purpose: Purpose, losses: Float32Array): Map<number, number> {
  let at = 0;
  const entries = sequencesOf(batch, purpose).map((sequence): [number, number] => {
    const count = targetsOf(batch.examples, sequence).length;
    const sum = losses.subarray(at, at + count).reduce((sum, loss) => sum + loss, 0);
    at += count;
    return [sequence, sum];
  });
  return new Map(entries);
}

function total(batch: MicroBatch, purpose: Purpose, losses: Float32Array): Pick<Found, 'lossSum' | 'units'> {
  const bySequence = sums(batch, purpose, losses);
  const lossSum = trained(batch).reduce((sum, sequence) => sum + (bySequence.get(sequence) as number), 0);
  return { lossSum, units: scoredTokens.units(batch) };
}

/** The word of the largest likelihood, which a row's label should be. */
function likeliestWords(
  batch: MicroBatch,
  purpose: Purpose,
  losses: Float32Array,
): Pick<Found, 'sums' | 'predictions'> {
  const { examples, rows } = batch;
  const { labels } = examples;
  if (!labels || purpose === 'train') return { sums: {} };
  const bySequence = sums(batch, purpose, losses);
  const predictions = rows.map(row => {
    const ofWords = sequencesOfRow(examples, row).map(sequence => bySequence.get(sequence) as number);
    return ofWords.indexOf(Math.min(...ofWords));
  });
  const right = predictions.filter((label, index) => label === labels[rows[index] as number]).length;
  return { sums: { accuracy: { sum: right, count: rows.length } }, predictions };
}
