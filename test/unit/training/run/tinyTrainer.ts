import { setTimeout as delay } from 'node:timers/promises';
import { runTraining } from '../../../../src/training/run/runTraining.ts';
import { TinyLearner } from '../tinyLearner.ts';

// A trainer of a tiny model as a process of its own: run folder, milliseconds that a save takes.
const [folder = '', saveMs = '0'] = process.argv.slice(2);
const trouble = { save: () => delay(Number(saveMs)) };
await runTraining(folder, {
  prepare: async () => {},
  openLearner: (spec, { resumeFrom }) => TinyLearner.open(resumeFrom, spec.training.dropout, trouble),
});
