import { otherVersions } from './deviceLibraries.ts';

/** Why a device can't be used, as a sentence, and what to do about it. */
export interface DeviceFailure {
  readonly reason: string;
  readonly remedy: string;
}

const ANOTHER_DEVICE = 'choose the device "auto" or "cpu".';
const LIBRARIES = `Install CUDA 12 and cuDNN 9 (for LM Lab's own files: “Install CUDA Files…”), or ${ANOTHER_DEVICE}`;

/** What the runtime says, what it means, and what helps. */
const KNOWN: ReadonlyArray<readonly [said: RegExp, reason: string, remedy: string]> = [
  [
    /version `[^']*' not found|undefined symbol|VERSION_MISMATCH/i,
    'its libraries are of another version than the runtime was built for.',
    LIBRARIES,
  ],
  [
    /driver version is insufficient|CUDA (failure|error) 35\b/i,
    'the NVIDIA driver is older than CUDA 12 needs.',
    `Update the driver to 525 or newer, or ${ANOTHER_DEVICE}`,
  ],
  [
    /no CUDA-capable device|CUDA (failure|error) 100\b/i,
    'there is no NVIDIA GPU that its driver shows.',
    `Look whether nvidia-smi lists one, or ${ANOTHER_DEVICE}`,
  ],
  [
    /invalid device ordinal|CUDA (failure|error) 101\b/i,
    'there is no GPU of that number.',
    'Look with nvidia-smi which there are, or choose the device "cuda", which is the first.',
  ],
  [
    /no kernel image is available|CUDA (failure|error) 209\b/i,
    'the runtime has no kernels for a GPU of this age.',
    `Use a newer GPU, or ${ANOTHER_DEVICE}`,
  ],
  [
    /out of memory|failed to allocate|ALLOC_FAILED/i,
    'its memory is too small for the model, or in use.',
    `End what else uses it, take a smaller model, or ${ANOTHER_DEVICE}`,
  ],
];

/** A native failure to use a device, told so that a person can act on it; what is not known by the message's first line. */
export async function deviceFailure(error: unknown): Promise<DeviceFailure> {
  const message = error instanceof Error ? error.message : String(error);
  const known = KNOWN.find(([said]) => said.test(message));
  if (known) return { reason: known[1], remedy: known[2] };
  if (NOT_LOADED.test(message)) return { reason: await librariesReason(message), remedy: LIBRARIES };
  return { reason: message.split('\n')[0] as string, remedy: 'Choose the device "auto" or "cpu".' };
}

/** A provider's libraries come apart from the runtime. */
const NOT_LOADED = /failed to load (shared )?library|cannot open shared object file|LoadLibrary/i;
const LIBRARY = /\b(lib[\w.+-]+?\.so[\w.]*|\w+\.dll)\b/;

async function librariesReason(message: string): Promise<string> {
  // The one that another needs stands before what the loader says of it.
  const needed = /\b(lib[\w.+-]+?\.so[\w.]*): cannot open/.exec(message)?.[1];
  const missing = needed ?? LIBRARY.exec(message)?.[0];
  if (missing === undefined) return 'its libraries are not installed.';
  const others = await otherVersions(missing);
  if (others.length === 0) return `its libraries are not installed (${missing} is missing).`;
  return `its libraries are of another version: ${missing} is missing, and there is ${others.join(', ')}.`;
}
