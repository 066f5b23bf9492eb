import { availableParallelism } from 'node:os';
import { hasOwnMemory } from '../protocol/deviceMemory.ts';
import type { DevicePreference, DeviceReport } from '../protocol/engine.ts';
import { Reasoned } from '../protocol/result.ts';
import { cardMemory } from './card.ts';
import { type DeviceFailure, deviceFailure } from './deviceFailure.ts';
import { type InferenceSession, runtime, runtimeFailure } from './runtime.ts';

/** Where a graph runs: ONNX Runtime's execution provider, and what is told of the choice. */
export interface Device {
  readonly provider: InferenceSession.ExecutionProviderConfig;
  readonly report: Omit<DeviceReport, 'precision'>;
  /** The most that its own memory may be, in bytes; absent: not known, or it has none. */
  readonly memoryBytes?: number | undefined;
}

/**
 * What `auto` tries, best first. CoreML is not among them: it takes few of these operators in float32, so that most of
 * the work would go back and forth; it runs on request.
 */
const BEST_FIRST: Readonly<Record<string, readonly DevicePreference[]>> = {
  'linux-x64': ['cuda', 'cpu'],
  'win32-x64': ['dml', 'cpu'],
  'win32-arm64': ['dml', 'cpu'],
};

/**
 * Finds the best device on which `attempt` succeeds. `auto` falls back and reports why; a device asked for by name
 * is tried alone. One whose own memory is known to be less than `deviceBytes` is not tried.
 * @throws Reasoned `device-unavailable` for a named device that does not work here; `runtime-failed` or `out-of-memory`
 * where the CPU cannot do it either.
 */
export async function onBestDevice<T>(
  preference: DevicePreference,
  threads: number | undefined,
  attempt: (device: Device) => Promise<T>,
  deviceBytes = 0,
): Promise<T> {
  const candidates =
    preference === 'auto' ? (BEST_FIRST[`${process.platform}-${process.arch}`] ?? ['cpu']) : [preference];
  const passedOver: PassedOver[] = [];
  for (const device of candidates) {
    const report = { device, passedOver: [...passedOver], threads: threads ?? availableParallelism() };
    const memoryBytes = hasOwnMemory(device) ? await cardMemory(partsOf(device).index ?? 0) : undefined;
    const failure = (await whyUnavailable(device)) ?? whyTooSmall(deviceBytes, memoryBytes);
    if (failure === null) {
      try {
        return await attempt({ provider: provider(device), report, memoryBytes });
      } catch (error) {
        if (error instanceof Reasoned) throw error;
        if (device === 'cpu') throw runtimeFailure('while loading the model', error);
        passedOver.push({ device, ...(await deviceFailure(error)) });
      }
    } else passedOver.push({ device, ...failure });
  }
  const { device, reason, remedy } = passedOver.at(-1) as PassedOver;
  throw new Reasoned(
    'device-unavailable',
    `The device "${device}" can't be used here: ${reason}`,
    `${remedy === null ? 'Choose' : `${remedy} Or choose`} the device "auto" or "cpu".`,
  );
}

type PassedOver = DeviceReport['passedOver'][number];

/** A device by its kind and its number. */
function partsOf(device: string): { readonly name: string; readonly index: number | undefined } {
  const [name, index] = device.split(':') as [string, string | undefined];
  return { name, index: index === undefined ? undefined : Number(index) };
}

function provider(device: DevicePreference): InferenceSession.ExecutionProviderConfig {
  const { name, index } = partsOf(device);
  return name === 'cuda' && index !== undefined ? { name, deviceId: index } : name;
}

async function whyUnavailable(device: DevicePreference): Promise<DeviceFailure | null> {
  if (device === 'cpu') return null;
  const { listSupportedBackends } = await runtime();
  if (listSupportedBackends().some(backend => backend.name === partsOf(device).name)) return null;
  return {
    reason: `this build of ONNX Runtime for ${process.platform} ${process.arch} does not have it.`,
    remedy: null,
  };
}

function whyTooSmall(needed: number, memory: number | undefined): DeviceFailure | null {
  if (memory === undefined || needed <= memory) return null;
  const [takes, has] = [needed, memory].map(bytes => (bytes / 1e9).toFixed(1));
  return {
    reason: `about ${takes} GB of its memory are needed, and it has ${has} GB.`,
    remedy: 'Take a smaller model; in training fewer layers, or LoRA.',
  };
}
