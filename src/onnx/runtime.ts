import type * as Runtime from 'onnxruntime-node';
import { Reasoned } from '../protocol/result.ts';

export type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';

/** onnxruntime-node, loaded on first use and without its telemetry, which is on by default on Linux. */
export async function runtime(): Promise<typeof Runtime> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  try {
    const loaded = await import('onnxruntime-node');
    loaded.env.logLevel = 'fatal'; // what fails is thrown as well, and told by us
    return loaded;
  } catch (error) {
    throw new Reasoned(
      'runtime-missing',
      `ONNX Runtime could not be loaded on ${process.platform} ${process.arch}: ${(error as Error).message}`,
      'Install the build of LM Lab for this platform (linux x64 or arm64, Windows x64 or arm64, macOS arm64).',
      { cause: error },
    );
  }
}

/** What makes a run need less memory. */
const SMALLER =
  'take a smaller model or a shorter context; in training a smaller batchSize or maxLength, LoRA, or fewer layers.';

/** A native failure while `doing` something on a device, told so that a person can act on it. */
export function runtimeFailure(doing: string, error: unknown, device = 'cpu'): Reasoned {
  const detail = error instanceof Error ? error.message : String(error);
  if (/alloc|out of memory|OOM/i.test(detail)) {
    if (device !== 'cpu') {
      return new Reasoned(
        'out-of-memory',
        `The device "${device}" had not enough memory ${doing}.`,
        `End what else uses it, take the device "cpu", or ${SMALLER}`,
        { cause: error },
      );
    }
    return new Reasoned(
      'out-of-memory',
      `There was not enough memory ${doing}.`,
      `Close other programs, or ${SMALLER}`,
      { cause: error },
    );
  }
  return new Reasoned(
    'runtime-failed',
    `ONNX Runtime failed ${doing}: ${detail}`,
    'Try the device "cpu"; if it fails there as well, report it with the log.',
    { cause: error },
  );
}
