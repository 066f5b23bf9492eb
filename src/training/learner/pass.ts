import type { Device } from '../../onnx/devices.ts';
import type { Tensor } from '../../onnx/graph.ts';
import type { Numbers } from '../../onnx/session.ts';
import type { BuiltGraph } from '../graphs/modelGraph.ts';
import type { DropoutKey } from '../learner.ts';
import { addGradients } from './accumulation.ts';
import type { TrainingModel } from './model.ts';
import { Run } from './runs.ts';
import type { OwnFeeds } from './stackedFeeds.ts';

/** Forward and backward of a micro-batch. */
export interface Pass {
  /** What it is given beside weights and masks, among others. */
  readonly inputs: readonly Tensor[];
  /** Whether values are dropped anywhere. */
  readonly drops: boolean;
  /** Throws what the runtime says, where the device can't have it. */
  open(): Promise<void>;
  /**
   * Adds the gradients to the parameters', and gives what the micro-batch tells.
   * @throws Reasoned `runtime-failed` or `out-of-memory`.
   */
  run(own: OwnFeeds, dropout: DropoutKey): Promise<Readonly<Record<string, Numbers>>>;
  dispose(): Promise<void>;
}

/** In one run: all activations are in memory at once, and the gradients twice, as the runtime copies them out. */
export function wholePass(model: TrainingModel, built: BuiltGraph, device: Device): Pass {
  const run = new Run(model, built, device);
  return {
    inputs: built.graph.inputs,
    drops: built.dropoutSites.length > 0,
    open: () => run.open(),
    async run({ feeds, sizes }, dropout) {
      const results = await run.run(feeds, sizes, dropout);
      addGradients(model.parameters, built.gradients, results, feeds);
      return results;
    },
    dispose: () => run.dispose(),
  };
}
