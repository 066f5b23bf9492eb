import { LOADS, loaderMessage, otherVersions, runtimeFolder } from './deviceLibraries.ts';

/** Why a device can't be used, as a sentence, and what makes it work; null where nothing is known that does. */
export interface DeviceFailure {
  readonly reason: string;
  readonly remedy: string | null;
}

/** The runtime's own are what the command installs; those of CUDA come from NVIDIA. */
const LIBRARIES = 'Install CUDA 12 and cuDNN 9, and the runtime’s own by the command “Install CUDA Files…”.';

/** What the runtime says, what it means, and what helps. */
const KNOWN: ReadonlyArray<readonly [said: RegExp, reason: string, remedy: string]> = [
  [
    /version `[^']*' not found|undefined symbol|VERSION_MISMATCH/i,
    'its libraries are of another version than the runtime was built for.',
    LIBRARIES,
  ],
  [new RegExp(LOADS), 'its libraries can be loaded, and do not work.', LIBRARIES],
  [
    /driver version is insufficient|CUDA (failure|error) 35\b/i,
    'the NVIDIA driver is older than CUDA 12 needs.',
    'Update the driver to 525 or newer.',
  ],
  [
    /no CUDA-capable device|CUDA (failure|error) 100\b/i,
    'there is no NVIDIA GPU that its driver shows.',
    'Look whether nvidia-smi lists one.',
  ],
  [
    /invalid device ordinal|CUDA (failure|error) 101\b/i,
    'there is no GPU of that number.',
    'Look with nvidia-smi which there are: "cuda" is the first.',
  ],
  [
    /no kernel image is available|CUDA (failure|error) 209\b/i,
    'the runtime has no kernels for a GPU of this age.',
    'Use a newer GPU.',
  ],
  [
    /out of memory|failed to allocate|ALLOC_FAILED/i,
    'its memory is too small for the model, or in use.',
    'End what else uses it, or take a smaller model.',
  ],
];

/** A native failure to use a device, told so that a person can act on it; one that is not known is told by its message's first line. */
export async function deviceFailure(error: unknown): Promise<DeviceFailure> {
  const message = error instanceof Error ? error.message : String(error);
  return (await knownFailure(message)) ?? { reason: firstLine(message), remedy: null };
}

/** Null of a message that is not known. */
async function knownFailure(message: string): Promise<DeviceFailure | null> {
  const known = KNOWN.find(([said]) => said.test(message));
  if (known) return { reason: known[1], remedy: known[2] };
  if (NOT_FOUND.test(message)) return { reason: await librariesReason(message), remedy: LIBRARIES };
  return NOT_LOADED.test(message) ? whyNotLoaded(message) : null;
}

/** What the runtime says of its own libraries, and the system of those that these need. */
const NOT_LOADED = /failed to load (shared )?library|LoadLibrary/i;
const NOT_FOUND = /([\w.+-]+): cannot open shared object file/;

async function whyNotLoaded(message: string): Promise<DeviceFailure> {
  const folder = await runtimeFolder();
  const said = folder === null ? message : await loaderMessage(folder);
  if (said === null || NOT_LOADED.test(said)) {
    return { reason: 'its libraries are not installed.', remedy: LIBRARIES };
  }
  return (
    (await knownFailure(said)) ?? { reason: `its libraries can't be loaded: ${firstLine(said)}.`, remedy: LIBRARIES }
  );
}

async function librariesReason(message: string): Promise<string> {
  const missing = NOT_FOUND.exec(message)?.[1] as string;
  const others = await otherVersions(missing);
  if (others.length === 0) return `its libraries are not installed (${missing} is missing).`;
  return `its libraries are of another version: ${missing} is missing, and there is ${others.join(', ')}.`;
}

const firstLine = (message: string): string => message.split('\n')[0] as string;
