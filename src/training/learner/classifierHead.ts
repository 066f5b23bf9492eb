import { HEAD_TENSORS } from '../../gpt2/classifierConfig.ts';
import type { WeightInMemory } from '../../gpt2/weights.ts';
import { labelsOf } from '../../models/config.ts';
import { openTensors, readFloat32, type TensorLocation } from '../../models/safetensors.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { ClassificationSpec, RunSpec } from '../../protocol/run/spec.ts';
import type { FolderConfig } from './assemble.ts';
import type { HeadNames } from './model.ts';
import { headStart } from './start.ts';

export interface ClassifierHead {
  readonly names: HeadNames;
  readonly tensors: readonly WeightInMemory[];
}

const NAMES = {
  weight: HEAD_TENSORS.score,
  bias: HEAD_TENSORS.bias,
  hidden: { weight: HEAD_TENSORS.hiddenWeight, bias: HEAD_TENSORS.hiddenBias },
} as const;

/** The head of a folder that has one with these labels and of this form; else a new one, drawn with the run's seed. */
export async function openClassifierHead(
  { classification, training, initialize }: RunSpec,
  from: FolderConfig,
  folder: string,
): Promise<ClassifierHead> {
  const { labels, hidden, bias } = classification;
  if (!labels || labels.length < 2) {
    throw new Reasoned(
      'labels-missing',
      `classification.labels is ${JSON.stringify(labels)}, and a classifier needs two labels or more.`,
      'Take a dataset with at least two different labels.',
    );
  }
  const names = { weight: NAMES.weight, bias: bias ? NAMES.bias : null, hidden: hidden ? NAMES.hidden : null };
  const shapes = headShapes(classification, labels.length, from.config.width);
  const stored = initialize === 'weights' && sameLabels(from.json, labels) ? await openTensors(folder) : null;
  const continued = stored && sameShapes(stored, shapes) ? stored : null;
  const tensors: WeightInMemory[] = [];
  for (const [name, shape] of shapes) {
    const location = continued?.get(name);
    tensors.push(
      location ? { name, shape, values: await readFloat32(location) } : headStart(name, shape, training.seed),
    );
  }
  return { names, tensors };
}

function headShapes({ hidden, bias }: ClassificationSpec, labels: number, width: number): Map<string, number[]> {
  const shapes = new Map([[NAMES.weight as string, [labels, hidden?.size ?? width]]]);
  if (bias) shapes.set(NAMES.bias, [labels]);
  if (hidden) shapes.set(NAMES.hidden.weight, [hidden.size, width]).set(NAMES.hidden.bias, [hidden.size]);
  return shapes;
}

const sameLabels = (json: Readonly<Record<string, unknown>>, labels: readonly string[]): boolean =>
  labelsOf(json, labels.length).every((label, index) => label === labels[index]);

/** Whether the folder's head has these tensors, and no others. */
function sameShapes(stored: ReadonlyMap<string, TensorLocation>, shapes: ReadonlyMap<string, number[]>): boolean {
  const own = [...stored.keys()].filter(name => /^(score|classification)\./.test(name));
  return (
    own.length === shapes.size &&
    own.every(name => JSON.stringify(stored.get(name)?.shape) === JSON.stringify(shapes.get(name)))
  );
}
