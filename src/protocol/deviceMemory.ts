import { type Precision, weightBytes } from './precision.ts';
import { type ModelSize, parameterCount } from './run/modelSize.ts';

/** Whether a device (`cuda:1`) computes in memory of its own: what goes in and out of a run crosses to it and back. */
export const hasOwnMemory = (device: string): boolean => device.split(':')[0] === 'cuda';

export const FLOAT_BYTES = 4;
/** What CUDA and its libraries take of a card before there is a model. */
export const DEVICE_BYTES = 500e6;
/** Positions whose logits are there at once, and how many arrays of that size: the logits, and what is made of them. */
const LOGIT_ROWS = 64;
const LOGIT_COPIES = 6;

/** The least that scoring takes of a device's own memory: the weights, and where the head is the embedding, that twice. */
export function scoringDeviceBytes(size: ModelSize, precision: Precision = 'f32'): number {
  const embeddings = size.tied ? size.vocabulary * size.width : 0;
  return DEVICE_BYTES + weightBytes(parameterCount(size) + embeddings, precision);
}

/**
 * What scoring and decoding in runs take of a device's own memory, an estimate: the graph that makes several tokens a run
 * has the weights once more.
 */
export function inferenceDeviceBytes(size: ModelSize, precision: Precision = 'f32'): number {
  const cache = 2 * size.layers * size.positions * size.width;
  const logits = LOGIT_ROWS * size.vocabulary * LOGIT_COPIES;
  return (
    scoringDeviceBytes(size, precision) + weightBytes(parameterCount(size), precision) + (cache + logits) * FLOAT_BYTES
  );
}
