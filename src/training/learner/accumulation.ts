import type { Feeds, Numbers } from '../../onnx/session.ts';
import type { GradientOutputs } from '../graphs/modelGraph.ts';
import type { TrainedParameter } from './parameter.ts';

/**
 * Adds a run's gradients to those kept. The dense part comes first, so that it can become the sum itself. Rows are added
 * in their order, so that the same run gives the same sums.
 */
export function addGradients(
  parameters: readonly TrainedParameter[],
  outputs: ReadonlyMap<string, GradientOutputs>,
  results: Readonly<Record<string, Numbers>>,
  feeds: Feeds,
): void {
  for (const parameter of parameters) {
    const { dense, rows } = outputs.get(parameter.input) ?? { dense: null, rows: [] };
    if (dense) parameter.addGradient(results[dense] as Float32Array);
    for (const each of rows) {
      parameter.addGradientRows(feeds[each.ids]?.data as BigInt64Array, results[each.rows] as Float32Array);
    }
  }
}
