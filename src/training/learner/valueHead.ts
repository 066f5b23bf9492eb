import type { WeightInMemory } from '../../gpt2/weights.ts';
import { openTensors, readFloat32 } from '../../models/safetensors.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import { headStart } from './start.ts';

/** As TRL's AutoModelForCausalLMWithValueHead names it. */
const NAMES = { weight: 'v_head.summary.weight', bias: 'v_head.summary.bias' } as const;

/** The value head [1, D] with its bias [1]: that of a folder that has one, else a new one, drawn with the run's seed. */
export async function openValueHead(
  { training, initialize }: Pick<RunSpec, 'training' | 'initialize'>,
  width: number,
  folder: string,
): Promise<{ readonly names: typeof NAMES; readonly tensors: readonly WeightInMemory[] }> {
  const stored = initialize === 'weights' ? await openTensors(folder) : null;
  const shapes = [
    [NAMES.weight, [1, width]],
    [NAMES.bias, [1]],
  ] as const;
  const continued = shapes.every(([name, shape]) => stored?.get(name)?.shape.join() === shape.join());
  const tensors: WeightInMemory[] = [];
  for (const [name, shape] of shapes) {
    const location = continued ? stored?.get(name) : undefined;
    tensors.push(
      location ? { name, shape, values: await readFloat32(location) } : headStart(name, shape, training.seed),
    );
  }
  return { names: NAMES, tensors };
}
