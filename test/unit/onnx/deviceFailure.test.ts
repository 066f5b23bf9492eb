import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { loadGpt2 } from '../../../src/gpt2/load.ts';
import { cardMemory } from '../../../src/onnx/card.ts';
import { deviceFailure } from '../../../src/onnx/deviceFailure.ts';
import { loaderMessage, runtimeFolder } from '../../../src/onnx/deviceLibraries.ts';
import { onBestDevice } from '../../../src/onnx/devices.ts';
import { runtime } from '../../../src/onnx/runtime.ts';
import { complete } from '../../../src/protocol/run/defaults.ts';
import { openLearner } from '../../../src/training/learner/open.ts';
import { temporaryFolder } from '../models/temporary.ts';

afterEach(() => vi.unstubAllEnvs());

// What ONNX Runtime, the loader and CUDA say.
test.each([
  [
    'provider_bridge_ort.cc:2251 Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file or directory',
    /^its libraries are .*libcublasLt\.so\.12 is missing/,
    /CUDA 12 and cuDNN 9/,
  ],
  [
    'Failed to load shared library: /x/libonnxruntime_providers_cuda.so: undefined symbol: cudnnGetVersion, version libcudnn.so.9',
    /another version/,
    /CUDA 12 and cuDNN 9/,
  ],
  ['LoadLibrary failed with error 126', /^its libraries are not installed\.$/, /Install/],
  [
    'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
    /^its libraries are not installed/,
    /Install CUDA Files/,
  ],
  [
    'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0',
    /driver is older/,
    /Update the driver/,
  ],
  ['CUDA failure 100: no CUDA-capable device is detected ; GPU=-1', /no NVIDIA GPU/, /nvidia-smi/],
  ['CUDA failure 101: invalid device ordinal ; GPU=7', /no GPU of that number/, /nvidia-smi/],
  ['CUDA failure 209: no kernel image is available for execution on the device', /of this age/, /newer GPU/],
  ['CUDA failure 2: out of memory ; GPU=0', /memory is too small/, /smaller model/],
])('%s', async (said, reason, remedy) => {
  const failure = await deviceFailure(new Error(said));
  expect(failure).toEqual({ reason: expect.stringMatching(reason), remedy: expect.stringMatching(remedy) });
});

test('what is not known is told by its first line', async () => {
  expect(await deviceFailure(new Error('something else\nof several lines'))).toEqual({
    reason: 'something else',
    remedy: null,
  });
});

test.runIf(process.platform === 'linux')('a library that is there in another version is told with it', async () => {
  const folder = await temporaryFolder();
  for (const name of ['libcudnn.so', 'libcudnn.so.8', 'libcudnn.so.8.9.7', 'libcudnn_ops.so.9'])
    await writeFile(join(folder, name), '');
  vi.stubEnv('LD_LIBRARY_PATH', folder);
  const { reason } = await deviceFailure(new Error('libcudnn.so.9: cannot open shared object file'));
  expect(reason).toBe('its libraries are of another version: libcudnn.so.9 is missing, and there is libcudnn.so.8.');
});

test.runIf(process.platform === 'linux')(
  'what the runtime keeps to its log, the system’s loader says of the runtime’s library',
  async () => {
    const folder = await temporaryFolder();
    expect(await loaderMessage(folder)).toBeNull();
    await writeFile(join(folder, 'libonnxruntime_providers_cuda.so'), 'no library');
    expect(await loaderMessage(folder)).toMatch(/file too short|invalid/i);
    await runtime();
    await rm(join(folder, 'libonnxruntime_providers_cuda.so'));
    const loads = join((await runtimeFolder()) as string, 'libonnxruntime.so.1');
    await symlink(loads, join(folder, 'libonnxruntime_providers_cuda.so'));
    expect((await deviceFailure(await loaderMessage(folder))).reason).toBe(
      'its libraries can be loaded, and do not work.',
    );
  },
);

test.runIf(process.platform === 'linux')('the runtime is found where it was loaded from', async () => {
  await runtime();
  expect(await runtimeFolder()).toMatch(/onnxruntime-node\/bin\//);
});

/** Cards of so many MiB, as nvidia-smi tells of them. */
async function pretendCards(...mebibytes: readonly (number | string)[]): Promise<void> {
  const folder = await temporaryFolder();
  const program = join(folder, 'nvidia-smi');
  await writeFile(program, `#!/bin/sh\n${mebibytes.map(each => `echo '${each}'`).join('\n')}\n`);
  await chmod(program, 0o755);
  vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined);
  vi.stubEnv('CUDA_DEVICE_ORDER', undefined);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
}

test.runIf(process.platform === 'linux')('a card is compared by its own number, or not at all', async () => {
  await pretendCards(1024, '[N/A]', 4096);
  const memories = () => Promise.all([0, 1, 2, 3].map(cardMemory));
  expect(await memories()).toEqual([undefined, undefined, undefined, undefined]); // CUDA's order is another
  vi.stubEnv('CUDA_DEVICE_ORDER', 'PCI_BUS_ID');
  expect(await memories()).toEqual([2 ** 30, undefined, 2 ** 32, undefined]);
  vi.stubEnv('CUDA_VISIBLE_DEVICES', '2');
  expect(await memories()).toEqual([undefined, undefined, undefined, undefined]);
  await pretendCards(1024, 4096);
  expect(await memories()).toEqual([2 ** 32, 2 ** 32, undefined, undefined]);
});

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'a card whose memory is too small for a model is not tried',
  async () => {
    await pretendCards(2048);
    const attempts: string[] = [];
    const open = async ({ report }: { report: { device: string } }) => attempts.push(report.device);
    await expect(onBestDevice('cuda', 1, open, 3e9)).rejects.toMatchObject({
      code: 'device-unavailable',
      message: 'The device "cuda" can\'t be used here: about 3.0 GB of its memory are needed, and it has 2.1 GB.',
      remedy: expect.stringMatching(/smaller model/),
    });
    expect(attempts).toEqual([]);
    await onBestDevice('auto', 1, open, 3e9);
    await onBestDevice('cuda', 1, open, 1e9);
    expect(attempts).toEqual(['cpu', 'cuda']);
  },
);

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'nor for a run that would not fit it, or a model to decode with',
  async () => {
    await pretendCards(100);
    const folder = 'test/parity/fixtures/head-size-12';
    const refused = { code: 'device-unavailable', message: expect.stringMatching(/about 0\.5 GB .* has 0\.1 GB/) };
    const spec = complete({ method: 'lm', model: folder, dataset: { file: '' }, device: 'cuda' });
    await expect(openLearner(spec, { folder })).rejects.toMatchObject(refused);
    await expect(loadGpt2(folder, { device: 'cuda' })).rejects.toMatchObject(refused);
  },
);
