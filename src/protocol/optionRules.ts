import type { DecodingMode, OptionName } from './decodingOptions.ts';

/** What the value of an option may be. */
export interface OptionRule {
  /** Completes the sentence “It must be …”. */
  readonly must: string;
  allows(value: unknown): boolean;
  /** For a value that means something which is said in another way. */
  readonly instead?: (value: unknown) => string | undefined;
}

/** More than this many texts at once are no faster than one after the other, and need more memory. */
const MOST_TEXTS = 64;
const HIGHEST_SEED = 2 ** 32 - 1;

const whole = (from: number, to = Number.MAX_SAFE_INTEGER): OptionRule => ({
  must: to === Number.MAX_SAFE_INTEGER ? `a whole number from ${from}` : `a whole number from ${from} to ${to}`,
  allows: value => Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to,
});
const finite: OptionRule = { must: 'a number', allows: Number.isFinite };
const positive: OptionRule = {
  must: 'a number above 0',
  allows: value => finite.allows(value) && (value as number) > 0,
};
const share: OptionRule = {
  must: 'above 0 and at most 1',
  allows: value => positive.allows(value) && (value as number) <= 1,
};
const listOf = (items: string, allows: (item: unknown) => boolean): OptionRule => ({
  must: `a list of ${items}`,
  allows: value => Array.isArray(value) && value.every(allows),
});

const isText = (item: unknown): boolean => typeof item === 'string' && item !== '';
const isId = whole(0).allows;
const isBias = (item: unknown): boolean => {
  const { id, value } = Object(item) as Record<string, unknown>;
  return isId(id) && finite.allows(value);
};

const leaveOut = (value: unknown): string | undefined => (value === 0 ? 'Leave it out to switch it off.' : undefined);
const greedyInstead =
  (of: number, why: string) =>
  (value: unknown): string | undefined =>
    value === of ? `${why}: choose greedy decoding.` : undefined;

export const OPTION_RULES: Readonly<Record<OptionName, OptionRule>> = {
  maxNewTokens: whole(1),
  repetitionPenalty: { ...positive, instead: leaveOut },
  noRepeatNgram: { ...whole(1), instead: leaveOut },
  stop: listOf('texts that are not empty', isText),
  bias: listOf('token ids with a number each', isBias),
  ban: listOf('token ids', isId),
  pastContext: { must: 'stop or slide', allows: value => value === 'stop' || value === 'slide' },
  beams: {
    ...whole(2, MOST_TEXTS),
    instead: greedyInstead(1, 'A search with one beam takes the likeliest token every time'),
  },
  lengthPenalty: finite,
  earlyStopping: { must: 'true or false', allows: value => typeof value === 'boolean' },
  returned: whole(1, MOST_TEXTS),
  temperature: {
    ...positive,
    instead: greedyInstead(0, 'At temperature 0 the likeliest token would be taken every time'),
  },
  topK: { ...whole(1), instead: leaveOut },
  topP: { ...share, instead: leaveOut },
  minP: { ...share, instead: leaveOut },
  typicalP: { ...share, instead: leaveOut },
  seed: whole(0, HIGHEST_SEED),
  count: whole(1, MOST_TEXTS),
};

export const REQUIRED_OPTIONS: Readonly<Record<DecodingMode, readonly OptionName[]>> = {
  greedy: ['maxNewTokens'],
  beam: ['maxNewTokens', 'beams'],
  sample: ['maxNewTokens'],
};
