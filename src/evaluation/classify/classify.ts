import { KeyValueCache } from '../../gpt2/cache.ts';
import type { Gpt2 } from '../../gpt2/model.ts';
import type { Classified } from '../../protocol/classify.ts';
import type { OnProgress, Token } from '../../protocol/engine.ts';
import { progressMeter } from '../../protocol/progress.ts';
import { extend } from '../../scoring/evaluate.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { emptyText, hiddenOf, pooledOf, sideBySide } from '../hiddenStates.ts';
import type { ClassifierHead } from './head.ts';
import { filledUp, pooledState } from './pooling.ts';

export interface ClassifyOptions {
  /** Also tells the probabilities after each token. */
  readonly evolution?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export type ClassifiedText = Classified['texts'][number];

/** A text as the model reads it. */
interface Sequence {
  readonly tokens: readonly Token[];
  readonly cutTokens: number;
  /** With the padded end where that is what is read. */
  readonly ids: readonly number[];
}

/**
 * The label of each text, with the probabilities of all. Texts that are short go through side by side.
 * @throws Reasoned `text-empty`, `cancelled`.
 */
export async function classifyTexts(
  model: Gpt2,
  tokenizer: Tokenizer,
  head: ClassifierHead,
  texts: readonly string[],
  { evolution = false, signal, onProgress }: ClassifyOptions = {},
): Promise<ClassifiedText[]> {
  const sequences = texts.map((text, index) => sequenceOf(text, index, tokenizer, model, head));
  const meter = progressMeter({ message: 'Classifying', unit: 'texts', total: texts.length }, onProgress);
  const results: ClassifiedText[] = [];
  for (const together of sideBySide(sequences, () => model.sideBySideRows)) {
    results.push(
      ...(evolution
        ? await evolving(model, head, together, signal)
        : (await pooledOf(model, together, head.config, signal)).map((state, index) =>
            classifiedText(head, together[index] as Sequence, state),
          )),
    );
    meter.add(together.length);
  }
  return results;
}

function sequenceOf(
  text: string,
  index: number,
  tokenizer: Tokenizer,
  { config: { positions } }: Gpt2,
  { config }: ClassifierHead,
): Sequence {
  const all = tokenizer.encode(text);
  if (all.length === 0) throw emptyText(index);
  const longest = Math.min(positions, config.paddedLength ?? positions);
  const tokens = all.slice(0, longest);
  const ids = filledUp(
    config,
    tokens.map(({ id }) => id),
    positions,
  );
  return { tokens, cutTokens: all.length - tokens.length, ids };
}

function classifiedText(head: ClassifierHead, { cutTokens }: Sequence, state: Float32Array): ClassifiedText {
  const probabilities = probabilitiesOf(head, state);
  const best = probabilities.indexOf(Math.max(...probabilities));
  return { label: head.labels[best] as string, probabilities, cutTokens };
}

/** Texts with the probabilities after each of their tokens, which all states are needed for. */
async function evolving(
  model: Gpt2,
  head: ClassifierHead,
  together: readonly Sequence[],
  signal?: AbortSignal,
): Promise<ClassifiedText[]> {
  const texts: ClassifiedText[] = [];
  for (const [index, hidden] of (await hiddenOf(model, together, signal)).entries()) {
    const sequence = together[index] as Sequence;
    const state = pooledState(head.config, sequence.ids, hidden, model.config.width);
    const evolution = await evolutionOf(model, head, sequence, hidden, signal);
    texts.push({ ...classifiedText(head, sequence, state), evolution });
  }
  return texts;
}

/** The probabilities as if the text ended after each of its tokens. */
async function evolutionOf(
  model: Gpt2,
  head: ClassifierHead,
  { tokens, ids }: Sequence,
  hidden: Float32Array,
  signal?: AbortSignal,
): Promise<NonNullable<ClassifiedText['evolution']>> {
  const { width } = model.config;
  const states =
    head.config.pooling === 'position'
      ? await paddedEnds(model, tokens.length, ids, head.config.padToken ?? 0, signal)
      : tokens.map((_, at) => pooledState(head.config, ids, hidden, width, at + 1));
  return tokens.map((token, at) => ({ ...token, probabilities: probabilitiesOf(head, states[at] as Float32Array) }));
}

/** The state at the padded end after each number of tokens: what was read stays in the cache, the padding is read anew. */
async function paddedEnds(
  model: Gpt2,
  count: number,
  ids: readonly number[],
  padToken: number,
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const cache = new KeyValueCache(model.config, ids.length);
  const states: Float32Array[] = [];
  for (let read = 1; read <= count; read++) {
    const rest = [ids[read - 1] as number, ...new Array<number>(ids.length - read).fill(padToken)];
    for await (const part of extend(model, cache, rest, signal)) states[read - 1] = part.slice(-model.config.width);
    cache.truncate(read);
  }
  return states;
}

function probabilitiesOf(head: ClassifierHead, state: Float32Array): number[] {
  const logits = [...head.logits(state)];
  const highest = Math.max(...logits);
  const powers = logits.map(logit => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map(power => power / sum);
}
