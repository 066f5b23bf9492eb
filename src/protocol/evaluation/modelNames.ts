import type { Precision } from '../precision.ts';
import type { EvaluationRequest, EvaluationSpec } from './request.ts';

/** What the request's models are called in its rows and its result: one that is there twice, with its precision. */
export function modelNames(spec: Pick<EvaluationSpec, 'models' | 'precision' | 'precisions'>): string[] {
  const { models } = spec;
  const asked = askedPrecisions(spec);
  return models.map((model, at) => {
    const own = asked[at];
    const twice = models.indexOf(model) !== models.lastIndexOf(model);
    return twice && own ? `${model} ${own}` : model;
  });
}

/** What each of the request's models is kept in, where it says so; undefined: as it was chosen for the model. */
export const askedPrecisions = ({
  models = [],
  precision,
  precisions,
}: Pick<EvaluationRequest, 'models' | 'precision' | 'precisions'>): Array<Precision | undefined> =>
  models.map((_, at) => precisions?.[at] ?? precision);
