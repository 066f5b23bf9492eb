import { Reasoned } from '../protocol/result.ts';
import { inMemory, type StoredWeight, type Weights } from './weights.ts';

/**
 * Looks at what a model said; where it is not a number, finds the weight that is to blame. The weights are not all
 * read beforehand, which would cost more than the first answer.
 * @throws Reasoned `weights-not-a-number`.
 */
export async function refuseNotANumber(outcome: Float32Array, { tensors }: Weights<StoredWeight>): Promise<void> {
  if (!outcome.some(Number.isNaN)) return;
  for (const weight of tensors.values()) {
    if ('blocks' in weight) continue; // looked at when the blocks were made
    const { name, values: numbers } = await inMemory(weight);
    const at = numbers.findIndex(value => !Number.isFinite(value));
    if (at !== -1) throw refusal(`tensor "${name}" of the weights holds ${numbers[at]} at element ${at}`);
  }
  throw refusal('its weights are finite, but numbers grow beyond float32 while it runs');
}

const refusal = (why: string): Reasoned =>
  new Reasoned(
    'weights-not-a-number',
    `The model gives no probabilities: ${why}.`,
    'The file is damaged or the training that made it diverged: use another checkpoint.',
  );
