import type { PpoSpec } from '../../protocol/run/spec.ts';

// As trl.experimental.ppo of TRL 1.12.0, the last release that has it (ppo_trainer.py, `train`). A response of n tokens has
// n states, each what comes before a token, and where it is shorter than the longest of its step one more: the one after
// its last token, in which the score is given. The others get it with their last token.

/** What was found about a response. Numbers of tokens and states are in nats where they are log-probabilities. */
export interface Judged {
  /** Log-probabilities of the tokens by the policy that wrote them, and by the reference: [tokens]. */
  readonly logps: readonly number[];
  readonly referenceLogps: readonly number[];
  /** [states] */
  readonly values: readonly number[];
  readonly score: number;
}

/** What a response teaches, state by state; an advantage counts for states that a token follows. */
export interface Lesson {
  /** With the penalty and the score, after whitening where it is asked for. */
  readonly rewards: readonly number[];
  /** Whitened. */
  readonly advantages: readonly number[];
  readonly returns: readonly number[];
}

type Settings = Pick<PpoSpec, 'gamma' | 'lambda' | 'whitenRewards' | 'clipReward'>;

/** The states that a response of so many tokens has in a step whose longest response has `longest`. */
export const statesOf = (tokens: number, longest: number): number => Math.min(tokens + 1, longest);

/** The lessons of a step's responses, by a KL coefficient. */
export function lessonsOf(judged: readonly Judged[], klCoefficient: number, settings: Settings): Lesson[] {
  const { gamma, lambda, whitenRewards, clipReward } = settings;
  const penalized = judged.map(response => penalizedRewards(response, klCoefficient, clipReward));
  const rewards = whitenRewards ? whitened(penalized, false) : penalized;
  const advantages = judged.map(({ values }, row) => estimated(rewards[row] as number[], values, gamma, lambda));
  const ofTokens = judged.map(({ logps }, row) => (advantages[row] as number[]).slice(0, logps.length));
  const white = whitened(ofTokens, true);
  return judged.map(({ values }, row) => ({
    rewards: rewards[row] as number[],
    advantages: values.map((_, state) => white[row]?.[state] ?? 0),
    returns: values.map((value, state) => value + (advantages[row]?.[state] as number)),
  }));
}

/** The KL divergence of a response: log-ratios of its tokens, summed (Schulman 2020, "Approximating KL divergence", k1). */
export const klOf = ({ logps, referenceLogps }: Judged): number =>
  logps.reduce((sum, logp, token) => sum + logp - (referenceLogps[token] as number), 0);

/** A penalty for each token that the reference finds less likely, and the score at the end (Ziegler et al. 2019, equation 2). */
function penalizedRewards(
  { logps, referenceLogps, values, score }: Judged,
  klCoefficient: number,
  clipReward: number | null,
): number[] {
  const rewards = values.map((_, state) =>
    state < logps.length ? -klCoefficient * ((logps[state] as number) - (referenceLogps[state] as number)) : 0,
  );
  const clipped = clipReward === null ? score : Math.max(-clipReward, Math.min(clipReward, score));
  rewards[rewards.length - 1] = (rewards.at(-1) as number) + clipped;
  return rewards;
}

/** Generalized advantage estimation (Schulman et al. 2016, equation 16), from the last state back; after it nothing comes. */
function estimated(rewards: readonly number[], values: readonly number[], gamma: number, lambda: number): number[] {
  const advantages = new Array<number>(values.length).fill(0);
  let following = 0;
  for (let state = values.length - 1; state >= 0; state--) {
    const surprise = (rewards[state] as number) + gamma * (values[state + 1] ?? 0) - (values[state] as number);
    following = surprise + gamma * lambda * following;
    advantages[state] = following;
  }
  return advantages;
}

/** Over all rows together: divided by their deviation, and moved to mean 0 or left where they are. A single number has none. */
function whitened(rows: ReadonlyArray<readonly number[]>, shiftMean: boolean): number[][] {
  const all = rows.flat();
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, all.length - 1);
  const scale = 1 / Math.sqrt(variance + 1e-8);
  return rows.map(row => row.map(value => (value - mean) * scale + (shiftMean ? 0 : mean)));
}
