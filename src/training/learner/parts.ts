import type { Gpt2Config } from '../../gpt2/config.ts';
import { headName, mapParameters } from '../../gpt2/parameters.ts';
import type { TrainableSpec } from '../../protocol/run/spec.ts';
import { Reasoned } from '../../protocol/result.ts';

/** What trains of a model's own parameters, and where on the way up that begins. */
export interface Trained {
  readonly names: ReadonlySet<string>;
  /** Blocks below this number, and the embeddings, stay as they are; the number of blocks: the head alone trains. */
  readonly fromBlock: number;
  /** Whether the embeddings train too. */
  readonly embeddings: boolean;
}

/**
 * Which of the model's parameters a request trains; those of a head that scores always train.
 * @throws Reasoned `nothing-to-train` or `layers-invalid`.
 */
export function trainedNames(config: Gpt2Config, trainable: TrainableSpec, scores: boolean): Trained {
  const all = parameterNames(config, scores);
  if ('lora' in trainable) return { names: new Set(), fromBlock: 0, embeddings: false };
  const { layers } = trainable;
  if (layers === 'all') return { names: new Set(all), fromBlock: 0, embeddings: true };
  const fromBlock = layers === 'head' ? config.layers : config.layers - layers.last;
  if (fromBlock < 0) {
    throw new Reasoned(
      'layers-invalid',
      `trainable.layers asks for the last ${config.layers - fromBlock} blocks, and the model has ${config.layers}.`,
      `Give {"last": ${config.layers}} at most, or "all".`,
    );
  }
  const ownHead = !scores && !config.tied ? [headName(config)] : [];
  const blocks = all.filter(name => blockOf(name) >= fromBlock);
  const norm = layers === 'head' ? [] : all.filter(name => name.startsWith('ln_f.'));
  const names = new Set([...blocks, ...norm, ...ownHead]);
  if (names.size === 0 && !scores) {
    throw new Reasoned(
      'nothing-to-train',
      'trainable.layers is "head", and this model\'s head is its token embedding, which then stays frozen.',
      'Train {"last": 1} or more blocks, or LoRA.',
    );
  }
  return { names, fromBlock, embeddings: false };
}

/** The number of the block that a parameter belongs to; -1 outside of the blocks. */
const blockOf = (name: string): number => Number(/^h\.(\d+)\./.exec(name)?.[1] ?? -1);

/** Every parameter that the model has beside a head that scores, in the order of the weights' files. */
export function parameterNames(config: Gpt2Config, scores: boolean): string[] {
  const names: string[] = [];
  mapParameters(config, name => names.push(name));
  return !scores && !config.tied ? [...names, headName(config)] : names;
}
