import { datasetWithPaths, modelWithPath } from '../run/paths.ts';
import type { EvaluationRequest } from './request.ts';

/** The request with the name of each model replaced, of the reward model too. */
export function evaluationWithModels<Request extends EvaluationRequest>(
  request: Request,
  replaced: (name: string) => string,
): Request {
  const { models, compare } = request;
  const reward = compare?.rewardModel;
  return {
    ...request,
    ...(models && { models: models.map(replaced) }),
    ...(reward && { compare: { ...compare, rewardModel: replaced(reward) } }),
  };
}

/** The request with each of its paths replaced: files, and models that are named by a folder. */
export function evaluationWithPaths<Request extends EvaluationRequest>(
  request: Request,
  replaced: (path: string) => string,
): Request {
  const renamed = evaluationWithModels(request, name => modelWithPath(name, replaced));
  return { ...renamed, dataset: datasetWithPaths(request.dataset, replaced) };
}
