import { evaluationGraph } from '../graphs/modelGraph.ts';
import { pack } from '../graphs/packing.ts';
import { together } from '../graphs/trees.ts';
import type { MicroBatch } from '../learner.ts';
import { referenceModel } from '../learner/referenceModel.ts';
import { Run } from '../learner/runs.ts';
import type { Learning, Setting } from '../methods/method.ts';
import { stateReadings, stateTargets } from './rollouts.ts';
import { answerLosses } from './temperature.ts';

export interface OpenedReference {
  /** Log-probabilities of the tokens after the states of a batch: [states]. */
  logps(batch: MicroBatch): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** The starting model, which stays as it is while the policy trains; of an adapter that is the model without it. */
export async function openReference(
  setting: Setting,
  { folder, device }: Pick<Learning, 'folder' | 'device'>,
): Promise<OpenedReference> {
  const model = await referenceModel(setting.spec, folder, null);
  const build = {
    build: (ending: Parameters<typeof answerLosses>[0]) => ({ losses: answerLosses(ending), outputs: {} }),
  };
  const run = new Run(model, evaluationGraph(model, build, setting, false), device);
  return {
    async logps(batch) {
      const readings = stateReadings(batch);
      const { feeds, sizes } = pack(together(readings, model.config.width), model.config.heads);
      const { losses } = await run.run({ ...feeds, targets: stateTargets(readings) }, sizes);
      return (losses as Float32Array).map(loss => -loss);
    },
    dispose: () => run.dispose(),
  };
}
