import { type ClassifierConfig, classifierConfig, HEAD_TENSORS } from '../../gpt2/classifierConfig.ts';
import { labelsOf, readFolderConfig } from '../../models/config.ts';
import { readFloat32, type TensorLocation } from '../../models/safetensors.ts';
import { type OpenOptions, openTensors } from '../../models/weights.ts';
import { Reasoned } from '../../protocol/result.ts';

// Letters in shapes: C labels, D model width, U units of the hidden layer.

/** A classifier's head: from one hidden state to a logit for each label. */
export interface ClassifierHead {
  readonly config: ClassifierConfig;
  readonly labels: readonly string[];
  /** state [D] → logits [C] */
  logits(state: Float32Array): Float64Array;
}

/** A matrix as torch's Linear keeps it: weight [out, in], bias [out] or none. */
interface Linear {
  readonly weight: Float32Array;
  readonly bias: Float32Array | null;
  readonly outputs: number;
}

const ACTIVATE: Readonly<Record<'relu' | 'gelu' | 'tanh', (x: number) => number>> = {
  relu: x => Math.max(0, x),
  gelu: x => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  tanh: Math.tanh,
};

/**
 * Reads the head of a model folder that tells labels apart.
 * @throws Reasoned `not-a-classifier`, `tensor-missing`, `tensor-misshapen`, `config-invalid`.
 */
export async function readHead(folder: string, width: number, options: OpenOptions = {}): Promise<ClassifierHead> {
  const { head, outputs } = await readAnyHead(folder, width, options);
  if (outputs < 2) throw notAClassifier(folder, 'it has one output, which is a score and no label');
  return head;
}

/** The same of a reward model, whose one logit is the score. Throws `not-a-reward-model` beside the others. */
export async function readRewardHead(
  folder: string,
  width: number,
  options: OpenOptions = {},
): Promise<ClassifierHead> {
  const { head, outputs } = await readAnyHead(folder, width, options);
  if (outputs === 1) return head;
  throw new Reasoned(
    'not-a-reward-model',
    `"${folder}" is no reward model: it has ${outputs} outputs, which are labels and no score.`,
    'Choose a model that was trained with the method reward, which has one output.',
  );
}

/** It is small, so that it runs here and needs no graph. */
async function readAnyHead(
  folder: string,
  width: number,
  options: OpenOptions,
): Promise<{ readonly head: ClassifierHead; readonly outputs: number }> {
  const json = await readFolderConfig(folder);
  const tensors = await openTensors(folder, options);
  if (!tensors.has(HEAD_TENSORS.score)) throw notAClassifier(folder, 'its weights have no score.weight');
  const config = classifierConfig(json, folder);
  const hidden = config.hidden
    ? await readLinear(tensors, folder, [HEAD_TENSORS.hiddenWeight, HEAD_TENSORS.hiddenBias], width)
    : null;
  const names = [HEAD_TENSORS.score, config.bias ? HEAD_TENSORS.bias : null] as const;
  const score = await readLinear(tensors, folder, names, hidden?.outputs ?? width);
  const activate = ACTIVATE[config.hidden?.activation ?? 'relu'];
  const head: ClassifierHead = {
    config,
    labels: labelsOf(json, score.outputs),
    logits: state => apply(score, hidden ? apply(hidden, state).map(activate) : state),
  };
  return { head, outputs: score.outputs };
}

async function readLinear(
  tensors: ReadonlyMap<string, TensorLocation>,
  folder: string,
  [weightName, biasName]: readonly [string, string | null],
  inputs: number,
): Promise<Linear> {
  const weight = tensors.get(weightName);
  const outputs = weight?.shape[0] ?? 0;
  const read = async (name: string, shape: readonly number[]): Promise<Float32Array> => {
    const tensor = tensors.get(name);
    if (!tensor) throw headFault('tensor-missing', `"${folder}": the weights have no tensor "${name}".`);
    if (tensor.shape.join() === shape.join()) return readFloat32(tensor);
    const is = `[${tensor.shape.join(', ')}]`;
    const should = `[${shape.join(', ')}]`;
    throw headFault('tensor-misshapen', `"${folder}": tensor "${name}" is ${is}, and should be ${should}.`);
  };
  return {
    outputs,
    weight: await read(weightName, [outputs, inputs]),
    bias: biasName === null ? null : await read(biasName, [outputs]),
  };
}

/** W x + b, summed in double precision. */
function apply({ weight, bias, outputs }: Linear, x: Float32Array | Float64Array): Float64Array {
  return Float64Array.from({ length: outputs }, (_, output) => {
    let sum = bias?.[output] ?? 0;
    const row = output * x.length;
    for (let i = 0; i < x.length; i++) sum += (weight[row + i] as number) * (x[i] as number);
    return sum;
  });
}

/** Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: within 1.5e-7, finer than float32. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

const notAClassifier = (folder: string, why: string): Reasoned =>
  new Reasoned(
    'not-a-classifier',
    `"${folder}" is no classifier: ${why}.`,
    'Choose a model that was fine-tuned for classification, or fine-tune one on a dataset with labels.',
  );

const headFault = (code: string, message: string): Reasoned =>
  new Reasoned(code, message, 'Compare lm_lab in config.json with the weights, or fine-tune the classifier again.');
