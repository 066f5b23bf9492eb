import { readFolderConfig } from '../../models/config.ts';
import { gpt2Config } from '../../gpt2/config.ts';
import { onBestDevice } from '../../onnx/devices.ts';
import type { DevicePreference } from '../../protocol/engine.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import type { Learner } from '../learner.ts';
import { METHODS } from '../methods/index.ts';
import { assembleModel } from './assemble.ts';
import { GraphLearner } from './graphLearner.ts';

export interface LearnerSource {
  /** The model folder that training starts from. */
  readonly folder: string;
  /** What `save` wrote, whose trained values are continued with; absent: a new start. */
  readonly resumeFrom?: string;
  readonly signal?: AbortSignal;
  /** For tests: takes steps in runs of so many, as on a device of its own memory, whatever the device is. */
  readonly stepsAtOnce?: number;
}

/** Whether numbers that come out of a run cross to another memory: then steps are taken several a run. */
const hasOwnMemory = (device: string): boolean => device.split(':')[0] === 'cuda';

/**
 * The model of a run, ready to learn.
 * @throws Reasoned what readConfig and openWeights throw, `method-unsupported`, `precision-unsupported`,
 * `nothing-to-train`, `layers-invalid`, and what onBestDevice throws.
 */
export async function openLearner(spec: RunSpec, source: LearnerSource): Promise<Learner> {
  const method = METHODS[spec.method];
  if (!method) throw unsupported('method', spec.method, `one of ${Object.keys(METHODS).join(', ')}`);
  if (spec.precision !== 'f32') throw unsupported('precision', spec.precision, 'f32');
  const json = await readFolderConfig(source.folder);
  const config = gpt2Config(json, source.folder);
  const model = await assembleModel(spec, method.scoring?.(spec) ?? null, { config, json }, source);
  const padId = typeof json['pad_token_id'] === 'number' ? json['pad_token_id'] : (config.endTokens[0] ?? null);
  return onBestDevice(spec.device as DevicePreference, spec.threads ?? undefined, async device => {
    const { stepsAtOnce } = source;
    const onDevice = stepsAtOnce !== undefined || hasOwnMemory(device.report.device) ? { atOnce: stepsAtOnce } : null;
    const learner = new GraphLearner(model, method, { spec, padId }, device, onDevice);
    await learner.open();
    return learner;
  });
}

const unsupported = (field: 'method' | 'precision', value: string, supported: string): Reasoned =>
  new Reasoned(`${field}-unsupported`, `${field} is "${value}", which cannot be trained here.`, `Take ${supported}.`);
