import type { Parameter } from '../learner.ts';
import { squaresOf } from './kernels/kernels.ts';

/** The Euclidean norm of all gradients as one vector. Not finite where one of them is not. */
export function gradientNorm(parameters: readonly Pick<Parameter, 'gradient'>[]): number {
  let total = 0;
  for (const { gradient } of parameters) total += squaresOf(gradient);
  return Math.sqrt(total);
}

/** What gradients are multiplied by so that their norm is at most `largest`: as torch.nn.utils.clip_grad_norm_. */
export const clipScale = (norm: number, largest: number | null): number =>
  largest === null ? 1 : Math.min(1, largest / (norm + 1e-6));
