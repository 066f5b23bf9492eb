import { datasetWithPaths, modelWithPath } from '../run/paths.ts';
import type { EvaluationRequest } from './request.ts';

/** The request with each of its paths replaced: files, and models that are named by a folder. */
export function evaluationWithPaths<Request extends EvaluationRequest>(
  request: Request,
  replaced: (path: string) => string,
): Request {
  const { models, dataset, compare } = request;
  const reward = compare?.rewardModel;
  return {
    ...request,
    ...(models && { models: models.map(name => modelWithPath(name, replaced)) }),
    dataset: datasetWithPaths(dataset, replaced),
    ...(reward && { compare: { ...compare, rewardModel: modelWithPath(reward, replaced) } }),
  };
}
