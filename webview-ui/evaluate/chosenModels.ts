import { askedPrecisions } from '../../src/protocol/evaluation/modelNames.ts';
import type { EvaluationRequest } from '../../src/protocol/evaluation/request.ts';
import type { EvaluatedModel } from '../../src/protocol/panels/evaluate.ts';
import { type Precision, PRECISIONS } from '../../src/protocol/precision.ts';

/** A model of a request, with what it is kept in while it is evaluated. */
export interface ChosenModel {
  readonly id: string;
  readonly precision: Precision;
}

type Known = ReadonlyArray<Pick<EvaluatedModel, 'id' | 'precision'>>;

/** What was chosen for a model; one that is not listed, such as a run's, is exact. */
export const ownPrecision = (known: Known, id: string): Precision =>
  known.find(one => one.id === id)?.precision ?? 'f32';

export function chosenModels(request: EvaluationRequest, known: Known): ChosenModel[] {
  const asked = askedPrecisions(request);
  return (request.models ?? []).map((id, at) => ({ id, precision: asked[at] ?? ownPrecision(known, id) }));
}

/** The request with other models. It says nothing of their precisions where all are the models' own. */
export function withModels(
  request: EvaluationRequest,
  chosen: readonly ChosenModel[],
  known: Known,
): EvaluationRequest {
  const { precision: _, precisions: __, ...rest } = request;
  const models = chosen.map(({ id }) => id);
  if (chosen.every(({ id, precision }) => precision === ownPrecision(known, id))) return { ...rest, models };
  const precisions = chosen.map(({ precision }) => precision);
  const [first] = precisions;
  return { ...rest, models, ...(precisions.length === 1 && first ? { precision: first } : { precisions }) };
}

/** A row more to compare: a model that is not there yet, else the last one in another precision. */
export function another(chosen: readonly ChosenModel[], known: Known): ChosenModel | undefined {
  const added = known.find(({ id }) => !chosen.some(one => one.id === id));
  if (added) return { id: added.id, precision: added.precision };
  const last = chosen.at(-1)?.id;
  const free = ADDED_FIRST.find(one => !chosen.some(({ id, precision }) => id === last && precision === one));
  return last !== undefined && free ? { id: last, precision: free } : undefined;
}

const ADDED_FIRST: readonly Precision[] = ['f32', 'int8', 'int4', ...PRECISIONS];
