import type { TrainingSpec } from '../../protocol/run/spec.ts';
import type { Parameter } from '../learner.ts';
import { adamw } from './adamw.ts';
import type { Optimizer, OptimizerSpec } from './optimizer.ts';
import { sgd } from './sgd.ts';

type CreateOptimizer = (parameters: readonly Parameter[], spec: OptimizerSpec) => Optimizer;

const OPTIMIZERS: Readonly<Record<TrainingSpec['optimizer'], CreateOptimizer>> = { adamw, sgd };

/** The optimizer that the request names, over what trains, its memory all zeros. */
export const createOptimizer: CreateOptimizer = (parameters, spec) => OPTIMIZERS[spec.optimizer](parameters, spec);
