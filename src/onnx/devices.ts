import { availableParallelism } from 'node:os';
import type { DevicePreference, DeviceReport } from '../protocol/engine.ts';
import { Reasoned } from '../protocol/result.ts';
import { type InferenceSession, runtime, runtimeFailure } from './runtime.ts';

/** Where a graph runs: ONNX Runtime's execution provider, and what is told of the choice. */
export interface Device {
  readonly provider: InferenceSession.ExecutionProviderConfig;
  readonly report: DeviceReport;
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
 * is tried alone.
 * @throws Reasoned `device-unavailable` for a named device that does not work here; `runtime-failed` or `out-of-memory`
 * where the CPU cannot do it either.
 */
export async function onBestDevice<T>(
  preference: DevicePreference,
  threads: number | undefined,
  attempt: (device: Device) => Promise<T>,
): Promise<T> {
  const candidates =
    preference === 'auto' ? (BEST_FIRST[`${process.platform}-${process.arch}`] ?? ['cpu']) : [preference];
  const passedOver: Array<{ device: string; reason: string }> = [];
  for (const device of candidates) {
    const report = { device, passedOver: [...passedOver], threads: threads ?? availableParallelism() };
    const reason = await whyUnavailable(device);
    if (reason === null) {
      try {
        return await attempt({ provider: provider(device), report });
      } catch (error) {
        if (error instanceof Reasoned) throw error;
        if (device === 'cpu') throw runtimeFailure('while loading the model', error);
        passedOver.push({ device, reason: plainly(error) });
      }
    } else passedOver.push({ device, reason });
  }
  const { device, reason } = passedOver.at(-1) as { device: string; reason: string };
  throw new Reasoned(
    'device-unavailable',
    `The device "${device}" can't be used here: ${reason}`,
    'Choose the device "auto" or "cpu".',
  );
}

function provider(device: DevicePreference): InferenceSession.ExecutionProviderConfig {
  const [name, index] = device.split(':') as [string, string | undefined];
  return name === 'cuda' && index !== undefined ? { name, deviceId: Number(index) } : name;
}

async function whyUnavailable(device: DevicePreference): Promise<string | null> {
  if (device === 'cpu') return null;
  const { listSupportedBackends } = await runtime();
  const name = device.split(':')[0] as string;
  const known = listSupportedBackends().some(backend => backend.name === name);
  return known ? null : `this build of ONNX Runtime for ${process.platform} ${process.arch} does not have it.`;
}

/** A provider's libraries come apart from the runtime; all else is told by the first line of the native message. */
function plainly(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/Failed to load shared library|cannot open shared object file|LoadLibrary/i.test(message)) {
    const library = /\b(lib[\w.+-]+\.so[\w.]*|\w+\.dll)\b/.exec(message)?.[0];
    return `its libraries are not installed${library ? ` (${library} is missing)` : ''}.`;
  }
  return message.split('\n')[0] as string;
}
