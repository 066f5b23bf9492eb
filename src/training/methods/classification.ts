import type { Tensor } from '../../onnx/graph.ts';
import { add, gelu, relu, tanh } from '../../onnx/operators/elementwise.ts';
import { linearTransposed } from '../../onnx/operators/matrix.ts';
import { int64 } from '../../onnx/session.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { ClassificationSpec } from '../../protocol/run/spec.ts';
import { crossEntropy } from '../losses/crossEntropy.ts';
import type { Ending, Method } from './method.ts';
import { pooledReadings, pooledStates, poolingShares } from './pooling.ts';

/** Classification of texts by a head over one hidden state of each, or over the mean of all. The mean over rows. */
export const classification: Method = {
  name: 'classification',
  scoring: ({ classification: { labels, ...head } }) => {
    if (labels && labels.length > 1) return { ...head, labels };
    throw new Reasoned(
      'labels-missing',
      `classification.labels is ${JSON.stringify(labels)}, and a classifier needs two labels or more.`,
      'Take a dataset with at least two different labels.',
    );
  },
  units: ({ rows }) => rows.length,
  readings: (batch, _, { spec, padId }) => pooledReadings(batch, spec.classification.pooling, padId),
  build(ending) {
    const labels = ending.hidden.graph.input('labels', 'int64', ['A']);
    const { losses, probabilities } = crossEntropy(classLogits(ending), labels);
    return { losses, outputs: { probabilities } };
  },
  feeds: ({ examples, rows }, readings) => ({
    labels: int64(rows.map(row => examples.labels?.[row] as number)),
    shares: poolingShares(readings),
  }),
  figures({ examples, rows }, _, losses, { probabilities }) {
    const predictions = likeliest(probabilities as Float32Array, rows.length);
    const right = predictions.filter((label, index) => label === examples.labels?.[rows[index] as number]).length;
    return {
      lossSum: losses.reduce((sum, loss) => sum + loss, 0),
      units: rows.length,
      sums: { accuracy: { sum: right, count: rows.length } },
      predictions,
    };
  },
};

/** The logits of each text's classes, [A, labels]. */
export function classLogits({ hidden, head, setting, dropped }: Ending): Tensor {
  const { hidden: layer } = setting.spec.classification;
  let x = pooledStates(hidden); // [A, D]
  if (layer && head.hidden) {
    const activated = ACTIVATE[layer.activation](add(linearTransposed(x, head.hidden.weight), head.hidden.bias));
    x = dropped(layer.dropout, activated); // [A, hidden size]
  }
  const logits = linearTransposed(x, head.weight);
  return head.bias ? add(logits, head.bias) : logits;
}

type HiddenLayer = NonNullable<ClassificationSpec['hidden']>;
const ACTIVATE: Readonly<Record<HiddenLayer['activation'], (x: Tensor) => Tensor>> = { relu, gelu, tanh };

/** The class of the largest probability in each of N rows. */
function likeliest(probabilities: Float32Array, rows: number): number[] {
  const classes = probabilities.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const ofRow = probabilities.subarray(row * classes, (row + 1) * classes);
    return ofRow.indexOf(Math.max(...ofRow));
  });
}
