import { onBestDevice } from '../../onnx/devices.ts';
import type { DevicePreference, OnProgress } from '../../protocol/engine.ts';
import { type ProgressMeter, progressMeter } from '../../protocol/progress.ts';
import { throwIfAborted } from '../../protocol/result.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import { batched } from '../batches.ts';
import type { Parts } from '../evaluation.ts';
import { type Examples, rowCount } from '../examples/examples.ts';
import { evaluationGraph } from '../graphs/modelGraph.ts';
import { pack } from '../graphs/packing.ts';
import { together } from '../graphs/trees.ts';
import { METHODS } from '../methods/index.ts';
import type { Method } from '../methods/method.ts';
import type { TrainingModel } from './model.ts';
import { referenceModel } from './referenceModel.ts';
import { Run } from './runs.ts';

export interface ReferenceCall {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** Called before each batch, since the native call that follows keeps all else waiting. */
  breathe(): Promise<void>;
}

/**
 * The parts with what the model that the method compares with says of each of their sequences; as they are where it
 * compares with none. The model is gone again when this returns, before the one that trains is opened. A run that is
 * resumed asks again: `folder`, the model that it began with, has not changed.
 * @throws Reasoned `reference-missing`, `reference-unfit`, and what readFolderConfig, openWeights and onBestDevice throw.
 */
export async function withReference(spec: RunSpec, folder: string, parts: Parts, call: ReferenceCall): Promise<Parts> {
  const method = METHODS[spec.method];
  if (!method?.reference) return parts;
  const model = await referenceModel(spec, folder, method.reference.folder(spec), call.signal);
  return onBestDevice(spec.device as DevicePreference, spec.threads ?? undefined, async device => {
    const run = new Run(model, evaluationGraph(model, method, { spec, padId: null }, false), device);
    const meter = progressMeter(
      { message: 'Asking the reference model', unit: 'rows', total: total(parts) },
      call.onProgress,
    );
    const asked = (part: Examples): Promise<Examples> => withNumbers(part, { spec, model, method, run }, call, meter);
    try {
      await run.open(); // so that a device that cannot is passed over
      return {
        train: await asked(parts.train),
        validation: parts.validation && (await asked(parts.validation)),
        test: parts.test && (await asked(parts.test)),
      };
    } finally {
      await run.dispose();
    }
  });
}

const total = (parts: Parts): number =>
  Object.values(parts).reduce((rows, part) => rows + (part ? rowCount(part) : 0), 0);

interface Reference {
  readonly spec: RunSpec;
  readonly model: TrainingModel;
  readonly method: Method;
  readonly run: Run;
}

async function withNumbers(
  part: Examples,
  { spec, model, method, run }: Reference,
  { signal, breathe }: ReferenceCall,
  meter: ProgressMeter,
): Promise<Examples> {
  const numbers = new Float32Array(part.offsets.length - 1);
  const examples = { ...part, reference: new Float32Array(numbers.length) };
  for (const rows of batched([...Array(rowCount(part)).keys()], spec.training.batchSize)) {
    await breathe();
    throwIfAborted(signal);
    const readings = method.readings({ examples, rows }, 'evaluate', { spec, padId: null });
    const { feeds, sizes } = pack(together(readings, model.config.width), model.config.heads);
    const results = await run.run({ ...feeds, ...method.feeds({ examples, rows }, readings, 'evaluate') }, sizes);
    numbers.set(results[method.reference?.output ?? ''] as Float32Array, part.rowOffsets[rows[0] as number]);
    meter.add(rows.length);
  }
  return { ...part, reference: numbers };
}
