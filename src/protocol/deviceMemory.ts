import { type Precision, weightBytes } from './precision.ts';
import { type ModelSize, parameterCount } from './run/modelSize.ts';

/** What CUDA and its libraries take of a card before there is a model. */
export const DEVICE_BYTES = 500e6;
const FLOAT_BYTES = 4;
/** Positions whose logits are there at once, and how many arrays of that size. */
const LOGIT_ROWS = 64;
const LOGIT_COPIES = 6;

/**
 * What scoring and decoding take of a device's own memory, an estimate. The weights are there twice: the graphs that read
 * texts have them, and the one that makes several tokens a run; where the head is the embedding, it is there once more.
 */
export function inferenceDeviceBytes(size: ModelSize, precision: Precision = 'f32'): number {
  const matrix = size.vocabulary * size.width;
  const weights = 2 * parameterCount(size) + (size.tied ? matrix : 0);
  const cache = 2 * size.layers * size.positions * size.width;
  const logits = LOGIT_ROWS * size.vocabulary * LOGIT_COPIES;
  return DEVICE_BYTES + weightBytes(weights, precision) + (cache + logits) * FLOAT_BYTES;
}
