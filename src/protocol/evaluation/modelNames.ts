import type { EvaluationSpec } from './request.ts';

/** What the request's models are called in its rows and its result: one that is there twice, with its precision. */
export function modelNames({
  models,
  precision,
  precisions,
}: Pick<EvaluationSpec, 'models' | 'precision' | 'precisions'>): string[] {
  return models.map((model, at) => {
    const own = precisions?.[at] ?? precision;
    const twice = models.indexOf(model) !== models.lastIndexOf(model);
    return twice && own ? `${model} ${own}` : model;
  });
}
