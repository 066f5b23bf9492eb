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
/** Beyond these, scores overflow single precision, and what is chosen means nothing. */
const [SMALLEST, LARGEST] = [0.000001, 1_000_000];
/** Beyond this, the length to its power overflows double precision. */
const HIGHEST_POWER = 50;

const whole = (from: number, to = Number.MAX_SAFE_INTEGER): OptionRule => ({
  must: to === Number.MAX_SAFE_INTEGER ? `a whole number from ${from}` : `a whole number from ${from} to ${to}`,
  allows: value => Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to,
});
const between = (from: number, to: number): OptionRule => ({
  must: `a number from ${from} to ${to}`,
  allows: value => typeof value === 'number' && value >= from && value <= to,
});
const factor = between(SMALLEST, LARGEST);
const share: OptionRule = {
  must: 'above 0 and at most 1',
  allows: value => typeof value === 'number' && value > 0 && value <= 1,
};
const listOf = (items: string, allows: (item: unknown) => boolean): OptionRule => ({
  must: `a list of ${items}`,
  allows: value => Array.isArray(value) && value.every(allows),
});

const isText = (item: unknown): boolean => typeof item === 'string' && item !== '';
const isId = whole(0).allows;
const isBias = (item: unknown): boolean => {
  const { id, value } = Object(item) as Record<string, unknown>;
  return isId(id) && between(-LARGEST, LARGEST).allows(value);
};

const leaveOut = (value: unknown): string | undefined => (value === 0 ? 'Leave it out to switch it off.' : undefined);
const greedyInstead =
  (of: number, why: string) =>
  (value: unknown): string | undefined =>
    value === of ? `${why}: choose greedy decoding.` : undefined;

export const OPTION_RULES: Readonly<Record<OptionName, OptionRule>> = {
  maxNewTokens: whole(1),
  repetitionPenalty: { ...factor, instead: leaveOut },
  noRepeatNgram: { ...whole(1), instead: leaveOut },
  stop: listOf('texts that are not empty', isText),
  bias: listOf(`token ids with ${between(-LARGEST, LARGEST).must} each`, isBias),
  ban: listOf('token ids', isId),
  pastContext: { must: 'stop or slide', allows: value => value === 'stop' || value === 'slide' },
  beams: {
    ...whole(2, MOST_TEXTS),
    instead: greedyInstead(1, 'A search with one beam takes the likeliest token every time'),
  },
  lengthPenalty: between(-HIGHEST_POWER, HIGHEST_POWER),
  earlyStopping: { must: 'true or false', allows: value => typeof value === 'boolean' },
  returned: whole(1, MOST_TEXTS),
  temperature: {
    ...factor,
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
