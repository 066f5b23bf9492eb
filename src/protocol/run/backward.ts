import { hasOwnMemory } from '../deviceMemory.ts';
import type { RunSpec } from './spec.ts';

/**
 * Whether steps are taken on a graphics card, where what trains then stays: not by ppo, whose batches are collected
 * between the steps, each of another shape. `device`: the one that runs.
 */
export const stepsOnCard = ({ method, device }: Pick<RunSpec, 'method' | 'device'>): boolean =>
  method !== 'ppo' && hasOwnMemory(device);

/** Whether there is a way back block by block; of a single trained block there are no parts to take by turns. */
export const hasParts = (spec: Pick<RunSpec, 'backend' | 'method' | 'device'>, trainedBlocks: number): boolean =>
  spec.backend === 'onnx' && trainedBlocks > 1 && !stepsOnCard(spec);

/** Whether gradients are found block by block, once `training.backward` is no longer `auto`. */
export const goesByBlocks = (spec: RunSpec, trainedBlocks: number): boolean =>
  spec.training.backward === 'blocks' && hasParts(spec, trainedBlocks);
