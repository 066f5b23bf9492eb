import type { MethodName } from '../../protocol/run/spec.ts';
import { classification } from './classification.ts';
import { dpo } from './dpo.ts';
import { lm } from './lm.ts';
import type { Method } from './method.ts';
import { ppo } from './ppo.ts';
import { reward } from './reward.ts';
import { sft } from './sft.ts';

/** Every way to learn that there is. */
export const METHODS: Readonly<Record<MethodName, Method>> = {
  lm,
  sft,
  classification,
  reward,
  dpo,
  ppo,
};
