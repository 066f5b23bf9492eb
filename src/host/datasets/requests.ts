import type { DatasetRequest, OpenedDataset } from '../../protocol/dataset.ts';
import type { ShownRows } from '../../protocol/panels/dataset.ts';

/** The request as a run would have it: with the method that the roles suggest where none is chosen. */
export function withMethod(request: DatasetRequest, opened: OpenedDataset | null): DatasetRequest {
  const method = request.method ?? opened?.method;
  return method ? { ...request, method } : request;
}

/** The request whose rows are shown: with so many of its steps. */
export function asShown(request: DatasetRequest, { afterSteps }: ShownRows): DatasetRequest {
  const { steps } = request.dataset;
  if (afterSteps === null || !steps) return request;
  return { ...request, dataset: { ...request.dataset, steps: steps.slice(0, afterSteps) } };
}
