import { readFolderConfig } from '../../models/config.ts';
import { gpt2Config } from '../../gpt2/config.ts';
import { type Device, onBestDevice } from '../../onnx/devices.ts';
import { hasOwnMemory } from '../../protocol/deviceMemory.ts';
import type { DevicePreference } from '../../protocol/engine.ts';
import { Reasoned } from '../../protocol/result.ts';
import { stepsOnCard } from '../../protocol/run/backward.ts';
import { deviceMemoryBytes } from '../../protocol/run/memory.ts';
import { modelSize } from '../../protocol/run/modelSize.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import type { Learner } from '../learner.ts';
import { METHODS } from '../methods/index.ts';
import type { Method } from '../methods/method.ts';
import { assembleModel } from './assemble.ts';
import { GraphLearner } from './graphLearner.ts';

export interface LearnerSource {
  /** The model folder that training starts from. */
  readonly folder: string;
  /** Where the run began, if the folder only stands in for it. */
  readonly startedFrom?: string;
  /** What `save` wrote, whose trained values are continued with; absent: a new start. */
  readonly resumeFrom?: string;
  readonly signal?: AbortSignal;
  /** For tests: takes steps in runs of so many, as on a device of its own memory, whatever the device is. */
  readonly stepsAtOnce?: number;
}

/**
 * The model of a run, ready to learn.
 * @throws Reasoned what readConfig and openWeights throw, `precision-unsupported`,
 * `nothing-to-train`, `layers-invalid`, and what onBestDevice throws.
 */
export async function openLearner(
  spec: RunSpec,
  source: LearnerSource,
  method: Method = METHODS[spec.method],
): Promise<Learner> {
  const json = await readFolderConfig(source.folder);
  const config = gpt2Config(json, source.folder);
  const heads = { scoring: method.scoring?.(spec) ?? null, values: method.values ?? false };
  const model = await assembleModel(spec, heads, { config, json }, source);
  const padId = typeof json['pad_token_id'] === 'number' ? json['pad_token_id'] : (config.endTokens[0] ?? null);
  const open = async (device: Device): Promise<GraphLearner> => {
    const { stepsAtOnce } = source;
    const runsOn = stepsAtOnce === undefined ? device.report.device : 'cuda';
    const onDevice = stepsOnCard({ ...spec, device: runsOn }) ? { atOnce: stepsAtOnce } : null;
    if (spec.precision !== 'f32' && !onDevice)
      throw unsupportedPrecision(spec.precision, hasOwnMemory(runsOn) ? 'f32' : 'f32, or the device cuda');
    const learner = new GraphLearner(model, method, { spec, padId }, device, onDevice);
    return orDisposed(learner, () => learner.open());
  };
  const { device, threads } = spec;
  const atLeast = deviceMemoryBytes(spec, modelSize(json), 0); // texts take more
  const opened = await onBestDevice(device as DevicePreference, threads ?? undefined, open, atLeast);
  return orDisposed(opened, () => opened.openCollector(source.startedFrom ?? source.folder));
}

/** The learner once `opening` is done; where that fails, nothing of it stays open. */
async function orDisposed(learner: GraphLearner, opening: () => Promise<void>): Promise<GraphLearner> {
  try {
    await opening();
    return learner;
  } catch (error) {
    await learner.dispose();
    throw error;
  }
}

const unsupportedPrecision = (precision: string, supported: string): Reasoned =>
  new Reasoned(
    'precision-unsupported',
    `precision is "${precision}", which cannot be trained here.`,
    `Take ${supported}.`,
  );
