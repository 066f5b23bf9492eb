import type { Judgement } from '../../protocol/annotations/judgement.ts';
import type { DatasetRequest } from '../../protocol/dataset.ts';
import type { SplitRequest } from '../../protocol/run/spec.ts';
import type { AnnotationSession } from './session.ts';

/** A run on the judgements: what was asked again is left out, so that no pair is in two parts. */
export function trainingRequest(
  { dataset, output }: AnnotationSession,
  judgements: readonly Judgement[],
  method: 'reward' | 'dpo',
): DatasetRequest {
  const firsts = judgements.filter(({ again }) => !again);
  const split = splitOf(firsts.length);
  return {
    method,
    model: dataset.model,
    dataset: {
      file: output,
      ...(firsts.length < judgements.length && { steps: [{ filter: 'not again' }] }),
      ...(split && { split }),
    },
  };
}

/** So few rows that the usual shares leave a part empty are divided otherwise. */
function splitOf(rows: number): SplitRequest | undefined {
  if (rows >= 20) return undefined;
  return rows >= 5 ? { train: 0.8, validation: 0.2, test: 0 } : { train: 1, validation: 0, test: 0 };
}
