import type { Gpt2 } from '../../gpt2/model.ts';
import { breathe } from '../../scoring/evaluate.ts';

// Letters in shapes: N states, D model width, V vocabulary.

/** A final hidden state [D], and the tokens of which is asked how likely they follow. */
export interface Followed {
  readonly state: Float32Array;
  readonly ids: readonly number[];
}

/** The log-probabilities, in nats, of each one's tokens. Throws Reasoned `cancelled`. */
export async function saidOf(
  model: Gpt2,
  followed: readonly Followed[],
  signal: AbortSignal | undefined,
): Promise<number[][]> {
  const said: number[][] = [];
  while (said.length < followed.length) {
    await breathe(signal);
    said.push(...(await saidTogether(model, followed.slice(said.length, said.length + model.headPace.rows))));
  }
  return said;
}

/** States go through the head once, however many tokens are asked about; where it is one, no logits come out. */
async function saidTogether(model: Gpt2, followed: readonly Followed[]): Promise<number[][]> {
  const { width, vocabularySize } = model.config;
  const hidden = new Float32Array(followed.length * width); // [N, D]
  for (const [at, { state }] of followed.entries()) hidden.set(state, at * width);
  if (followed.every(({ ids }) => ids.length === 1)) {
    const { logProbabilities } = await model.statistics(
      hidden,
      followed.map(({ ids }) => ids[0] as number),
      1,
    );
    return Array.from(logProbabilities, one => [one]);
  }
  const { logits, logProbabilities } = await model.predictions(hidden, 1); // logits [N, V]
  return followed.map(({ ids }, at) => {
    const of = (id: number): number => logits[at * vocabularySize + id] as number;
    return ids.map(id => of(id) - of(0) + (logProbabilities[at] as number));
  });
}
