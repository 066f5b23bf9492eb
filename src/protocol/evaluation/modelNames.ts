import type { Precision } from '../precision.ts';
import type { EvaluationRequest } from './request.ts';

type ModelsOf = Pick<EvaluationRequest, 'models' | 'precision' | 'precisions'>;

/** The name of whichever model is active. */
export const ACTIVE_MODEL = 'active';

/** What the request's models are called in its rows and its result: one that is there twice, with its precision. */
export function modelNames(request: ModelsOf): string[] {
  const { models = [] } = request;
  const asked = askedPrecisions(request);
  return models.map((model, at) => {
    const own = asked[at];
    const twice = models.indexOf(model) !== models.lastIndexOf(model);
    return twice && own ? `${model} ${own}` : model;
  });
}

/** What each of the request's models is kept in, where it says so; undefined: as it was chosen for the model. */
export const askedPrecisions = ({ models = [], precision, precisions }: ModelsOf): Array<Precision | undefined> =>
  models.map((_, at) => precisions?.[at] ?? precision);
