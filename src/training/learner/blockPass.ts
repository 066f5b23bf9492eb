import type { Device } from '../../onnx/devices.ts';
import { type Feeds, float32, type Numbers } from '../../onnx/session.ts';
import { ABOVE, BELOW, type BlockGraphs, enteringOf } from '../graphs/blockGraphs.ts';
import { BORDER } from '../graphs/site.ts';
import { addGradients } from './accumulation.ts';
import type { TrainingModel } from './model.ts';
import type { Pass } from './pass.ts';
import { Run } from './runs.ts';

/**
 * In a run up to the last block and one a block back again: activations of one block are in memory at a time, and what
 * is twice there is the gradients of one block alone.
 */
export function blockPass(model: TrainingModel, { upwards, downwards }: BlockGraphs, device: Device): Pass {
  const { width } = model.config;
  const up = new Run(model, upwards, device);
  const down = downwards.map(({ block, ...built }) => ({ block, run: new Run(model, built, device) }));
  const all = [up, ...down.map(({ run }) => run)];
  const [ending] = downwards;
  return {
    inputs: [...upwards.graph.inputs, ...(ending?.graph.inputs ?? [])],
    drops: all.some(({ built }) => built.dropoutSites.length > 0),
    async open() {
      for (const run of all) await run.open();
    },
    async run({ feeds, sizes }, dropout) {
      const states = (numbers: Numbers) => float32(numbers as Float32Array, [numbers.length / width, width]); // [S, D]
      const entering = await up.run(feeds, sizes, dropout);
      let told: Readonly<Record<string, Numbers>> = {};
      let above: Feeds = {};
      for (const [index, { block, run }] of down.entries()) {
        const entered = entering[enteringOf(block)];
        const given = { ...feeds, ...(entered && { [BORDER]: states(entered) }), ...above };
        const results = await run.run(given, sizes, dropout);
        addGradients(model.parameters, run.built.gradients, results, feeds);
        if (index === 0) told = results;
        const below = results[BELOW];
        above = below ? { [ABOVE]: states(below) } : {};
      }
      return told;
    },
    async dispose() {
      for (const run of all) await run.dispose();
    },
  };
}
