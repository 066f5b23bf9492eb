import { KeyValueCache } from '../gpt2/cache.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { breathe, hiddenStatesOf, targetsOf } from './evaluate.ts';
import { packed } from './runs.ts';
import { longestRun, piecesOf } from './score.ts';
import { largestOf } from './softmax.ts';

/**
 * How far a model's predictions are from those of another one with the same tokens: of each text, by scored token, the
 * Kullback-Leibler divergence Σ p (log p - log q) in nats, p the reference's distribution and q the model's. The first token
 * is not scored.
 * @throws Reasoned `cancelled`
 */
export async function divergences(
  reference: Gpt2,
  model: Gpt2,
  tokenizer: Tokenizer,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<number[][]> {
  const sequences = texts.map(text => tokenizer.encode(text).map(({ id }) => id));
  const found = sequences.map((): number[] => []);
  const pieces = sequences.flatMap((ids, sequence) => piecesOf(ids, sequence, model.config.positions));
  const caches = [reference, model].map(({ config }) => new KeyValueCache(config, longestRun(pieces)));
  const [ofReference, ofModel] = caches as [KeyValueCache, KeyValueCache];
  for (const run of packed(pieces, () => Math.min(reference.sideBySideRows, model.sideBySideRows))) {
    const states = await hiddenStatesOf(reference, run, ofReference, signal);
    const others = await hiddenStatesOf(model, run, ofModel, signal);
    const sides = [
      { model: reference, hidden: states },
      { model, hidden: others },
    ] as const;
    for await (const { sequence, nats } of divergencesOf(targetsOf(run), sides, signal)) found[sequence]?.push(nats);
  }
  return found;
}

/** A model, and its hidden states [N, D] that the N targets are predicted from. */
interface Side {
  readonly model: Gpt2;
  readonly hidden: Float32Array;
}

/** Target by target, some at a time, as logits are many. */
async function* divergencesOf(
  targets: Iterable<{ readonly sequence: number }>,
  [p, q]: readonly [Side, Side],
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly sequence: number; readonly nats: number }> {
  const all = [...targets];
  const vocabulary = p.model.config.vocabularySize;
  for (let done = 0; done < all.length; ) {
    await breathe(signal);
    const batch = all.slice(done, done + Math.min(p.model.headPace.rows, q.model.headPace.rows));
    const logits = async ({ model, hidden }: Side): Promise<Float32Array> => {
      const { width } = model.config;
      return (await model.predictions(hidden.subarray(done * width, (done + batch.length) * width), 1)).logits;
    };
    const [ofP, ofQ] = [await logits(p), await logits(q)];
    for (const [at, { sequence }] of batch.entries()) {
      const row = [at * vocabulary, (at + 1) * vocabulary] as const;
      yield { sequence, nats: divergence(ofP.subarray(...row), ofQ.subarray(...row)) };
    }
    done += batch.length;
  }
}

/** Of two distributions by their logits [V]. */
export function divergence(p: Float32Array, q: Float32Array): number {
  const [most, others] = [largestOf(p), largestOf(q)];
  let [sumP, sumQ, weighed] = [0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    const [logP, logQ] = [(p[i] as number) - most, (q[i] as number) - others];
    const weight = Math.exp(logP);
    sumP += weight;
    sumQ += Math.exp(logQ);
    weighed += weight * (logP - logQ);
  }
  return Math.max(0, weighed / sumP - Math.log(sumP) + Math.log(sumQ));
}
