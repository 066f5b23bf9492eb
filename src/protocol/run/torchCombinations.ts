import { type Found, found } from './problem.ts';
import type { RunSpec } from './spec.ts';

/** What PyTorch's devices are called in run.json. */
const DEVICES = /^(auto|cpu|cuda(:\d+)?)$/;

/** What the backend torch cannot do, and fields of its own that do not go together. */
export function torchContradictions({ method, device, torch }: RunSpec): ReadonlyArray<Found | false> {
  const { processes, machines, mainAddress, accelerateConfig } = torch;
  return [
    method === 'ppo' &&
      found(
        'method',
        method,
        'The backend torch does not train it: the answers that it learns from are made by LM Lab’s own decoder.',
        'Take the backend onnx.',
      ),
    !DEVICES.test(device) &&
      found(
        'device',
        device,
        'The backend torch computes on processors and on CUDA.',
        'Give auto, cpu, cuda or cuda:0.',
      ),
    device.startsWith('cuda:') &&
      processes > 1 &&
      found('device', device, `${processes} processes each take a GPU of their own.`, 'Give cuda, or one process.'),
    accelerateConfig === null &&
      processes % machines !== 0 &&
      found(
        'torch.processes',
        processes,
        `They are those of all ${machines} machines together, which share them evenly.`,
        `Give a multiple of ${machines}.`,
      ),
    accelerateConfig === null &&
      machines > 1 &&
      mainAddress === null &&
      found(
        'torch.mainAddress',
        null,
        `${machines} machines train together, and this is where they meet.`,
        'Give the name or address of the first machine.',
      ),
  ];
}
