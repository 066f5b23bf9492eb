import { readFloat32, readHeader } from '../../../src/models/safetensors.ts';
import { complete } from '../../../src/protocol/run/defaults.ts';
import type { MetricsLine } from '../../../src/protocol/run/folder.ts';
import type { Part, RunRequest } from '../../../src/protocol/run/spec.ts';
import { type Examples, rowCount } from '../../../src/training/examples/examples.ts';
import { readExamples } from '../../../src/training/examples/files.ts';
import type { Learner } from '../../../src/training/learner.ts';
import { openLearner } from '../../../src/training/learner/open.ts';
import { withReference } from '../../../src/training/learner/reference.ts';
import { train } from '../../../src/training/loop.ts';
import type { Method } from '../../../src/training/methods/method.ts';
import { createOptimizer } from '../../../src/training/optimizer/create.ts';
import { planOf } from '../../../src/training/plan.ts';
import { BEGINNING } from '../../../src/training/state.ts';
import { examplesFile, modelFolder, startingFile, type Trajectory } from './expected.ts';

export interface Told {
  readonly steps: readonly MetricsLine[];
  readonly evaluations: readonly MetricsLine[];
}

/** Trains as a trajectory's run.json says, changed where `request` or `how` differ from it. */
export async function trained(
  trajectory: Trajectory,
  request: RunRequest = trajectory.run,
  { method, ...how }: { readonly stepsAtOnce?: number; readonly method?: Method } = {},
): Promise<Told> {
  const completed = { ...complete(request), device: 'cpu' };
  const { reference } = completed.dpo;
  const compared = reference && modelFolder({ ...request, model: reference });
  const spec = { ...completed, dpo: { ...completed.dpo, reference: compared } };
  const call = { signal: new AbortController().signal, breathe: async () => {} };
  const part = (name: Part): Promise<Examples> => readExamples(examplesFile(trajectory, name));
  const read = { train: await part('train'), validation: await part('validation'), test: await part('validation') };
  const parts = await withReference(spec, modelFolder(request), read, { ...call, onProgress: () => {} });
  const learner = await openLearner(spec, { folder: modelFolder(request), ...how }, method);
  try {
    if (trajectory.startingValues !== null) await startFrom(startingFile(trajectory.startingValues), learner);
    return await followed(
      train(
        {
          spec: spec.training,
          plan: planOf(spec.training, rowCount(parts.train)),
          learner,
          optimizer: createOptimizer(learner.parameters, spec.training),
          parts,
          from: BEGINNING,
          sample: async () => [],
          breathe: call.breathe,
        },
        call.signal,
      ),
    );
  } finally {
    await learner.dispose();
  }
}

/** What both sides would otherwise draw, each by its own generator of random numbers. */
async function startFrom(file: string, { parameters }: Learner): Promise<void> {
  for (const [name, location] of await readHeader(file)) {
    const parameter = parameters.find(each => each.name === name);
    if (!parameter) throw new Error(`The run trains no parameter ${name}.`);
    parameter.values.set(await readFloat32(location));
  }
}

async function followed(events: ReturnType<typeof train>): Promise<Told> {
  const steps: MetricsLine[] = [];
  const evaluations: MetricsLine[] = [];
  for await (const event of events) {
    if (event.kind === 'step' && event.line) steps.push(event.line);
    if (event.kind === 'evaluation') evaluations.push(event.line);
  }
  return { steps, evaluations };
}
