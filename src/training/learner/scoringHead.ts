import { HEAD_TENSORS } from '../../gpt2/classifierConfig.ts';
import type { WeightInMemory } from '../../gpt2/weights.ts';
import { labelsOf } from '../../models/config.ts';
import { openTensors, readFloat32, type TensorLocation } from '../../models/safetensors.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import type { ScoringHead } from '../methods/method.ts';
import type { FolderConfig } from './assemble.ts';
import type { HeadNames } from './model.ts';
import { headStart } from './start.ts';

export interface OpenedHead {
  readonly names: HeadNames;
  readonly tensors: readonly WeightInMemory[];
}

const NAMES = {
  weight: HEAD_TENSORS.score,
  bias: HEAD_TENSORS.bias,
  hidden: { weight: HEAD_TENSORS.hiddenWeight, bias: HEAD_TENSORS.hiddenBias },
} as const;

/** The head of a folder that has one with these labels and of this form; else a new one, drawn with the run's seed. */
export async function openScoringHead(
  { training, initialize }: Pick<RunSpec, 'training' | 'initialize'>,
  head: ScoringHead,
  from: FolderConfig,
  folder: string,
): Promise<OpenedHead> {
  const { labels, hidden, bias } = head;
  const names = {
    weight: NAMES.weight,
    bias: bias ? NAMES.bias : null,
    hidden: hidden ? NAMES.hidden : null,
    value: null,
  };
  const shapes = headShapes(head, from.config.width);
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

function headShapes({ labels, hidden, bias }: ScoringHead, width: number): Map<string, number[]> {
  const shapes = new Map([[NAMES.weight as string, [labels.length, hidden?.size ?? width]]]);
  if (bias) shapes.set(NAMES.bias, [labels.length]);
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

/** What a reader of the result should know of such a head. */
export function notesOn({ pooling, hidden, bias }: ScoringHead): string[] {
  if (pooling === 'last' && !hidden && !bias) return [];
  const own = [
    ...(pooling === 'last' ? [] : [`pooling "${pooling}"`]),
    ...(hidden ? ['a hidden layer'] : []),
    ...(bias ? ['a bias'] : []),
  ].join(' and ');
  return [`With ${own}, the GPT2ForSequenceClassification of transformers does not give this model's logits.`];
}
