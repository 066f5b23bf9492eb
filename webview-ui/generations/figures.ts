import type { SettingsForm } from '../../src/protocol/decodingOptions.ts';
import { visibleText } from '../../src/protocol/heat.ts';
import type { Branch, BranchState, BranchToken } from '../../src/protocol/panels/generations.ts';
import { count, counted, NONE, perplexity, percent } from '../shared/format.ts';

export interface Figure {
  readonly name: string;
  readonly value: string;
  /** In one sentence: what the number means. */
  readonly meaning: string;
}

/** Tokens of the runs whose repetition is counted. */
const REPEATED = 3;

/** Sum of the tokens' log-probabilities, in nats. */
export const logProbability = (tokens: readonly BranchToken[]): number =>
  tokens.reduce((sum, { probability }) => sum + Math.log(probability), 0);

/** Share of the n-grams that are unlike all others (Li et al. 2016); null where the text has none. */
export function distinct(ids: readonly number[], n: number): number | null {
  const grams = ngrams(ids, n);
  return grams.length === 0 ? null : new Set(grams).size / grams.length;
}

/** How many n-grams stood before in the same text, and where the commonest of them starts. */
export function repeated(ids: readonly number[], n: number): { times: number; commonest: number | null } {
  const places = new Map<string, number[]>();
  for (const [at, gram] of ngrams(ids, n).entries()) places.set(gram, [...(places.get(gram) ?? []), at]);
  const [most] = [...places.values()].sort((a, b) => b.length - a.length);
  const times = [...places.values()].reduce((sum, { length }) => sum + length - 1, 0);
  return { times, commonest: times > 0 ? (most?.[0] ?? null) : null };
}

const ngrams = (ids: readonly number[], n: number): string[] =>
  ids.slice(0, Math.max(0, ids.length - n + 1)).map((_, at) => ids.slice(at, at + n).join(' '));

/** What sums a text up. */
export function figures(tokens: readonly BranchToken[], branch: Branch | undefined): Figure[] {
  const total = logProbability(tokens);
  const mean = total / tokens.length;
  const ids = tokens.map(({ id }) => id);
  const speed = branch?.tokensPerSecond;
  return [
    figure(
      'perplexity',
      perplexity(Math.exp(-mean)),
      `As unsure as choosing among ${count(Math.max(1, Math.exp(-mean)))} equally likely tokens, every time.`,
    ),
    figure(
      'mean log p',
      signed(mean, 2),
      'Mean log-probability of a token in nats, as the model itself gives it: before penalties, temperature and filters.',
    ),
    figure(
      'total log p',
      signed(total, 1),
      'Log-probability of the whole text in nats: what beam search tries to make large.',
    ),
    figure(
      'distinct-1',
      share(distinct(ids, 1)),
      'Share of the tokens that are different ones: lower is more repetitive.',
    ),
    figure('distinct-2', share(distinct(ids, 2)), 'Share of the pairs of tokens that are different ones.'),
    repetition(tokens),
    ...(speed === undefined
      ? []
      : [
          figure(
            'speed',
            `${count(speed)}\u00a0tokens/s`,
            'Tokens a second of this text, while it was decoded beside the others.',
          ),
        ]),
    ...(branch?.seed === undefined
      ? []
      : [figure('seed', String(branch.seed), 'With this seed the same settings draw the same text.')]),
    ...(branch?.score === undefined
      ? []
      : [
          figure(
            'beam score',
            signed(branch.score, 3),
            'Log-probability over the length to the power of the length penalty: by this beams are ranked.',
          ),
        ]),
  ];
}

const figure = (name: string, value: string, meaning: string): Figure => ({ name, value, meaning });

function repetition(tokens: readonly BranchToken[]): Figure {
  const { times, commonest } = repeated(
    tokens.map(({ id }) => id),
    REPEATED,
  );
  const meaning =
    commonest === null
      ? 'No three tokens in a row come twice.'
      : `So many runs of three tokens stood before; the commonest is “${visibleText(
          tokens
            .slice(commonest, commonest + REPEATED)
            .map(({ text }) => text)
            .join(''),
        )}”.`;
  return figure('repeated 3-grams', count(times), meaning);
}

const share = (value: number | null): string => (value === null ? NONE : percent(value));

/** `−1.91`. */
function signed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : NONE;
  return `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(decimals)}`;
}

/** Why a text ends where it does. */
export function whyEnded(state: BranchState, { maxNewTokens }: Pick<SettingsForm, 'maxNewTokens'>): string {
  switch (state) {
    case 'endoftext':
      return 'The model ended it.';
    case 'length':
      return `Ended at ${counted(maxNewTokens, 'new token')}.`;
    case 'stop':
      return 'Ended at a stop text.';
    case 'context':
      return 'Ended as the context is full.';
    case 'stopped':
      return 'Stopped by hand.';
    case 'failed':
      return 'Ended by an error.';
    case 'waiting':
    case 'running':
      return '';
  }
}
