import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import type { Token } from '../protocol/engine.ts';
import { Reasoned } from '../protocol/result.ts';
import { END_OF_TEXT, type TokenizerDefinition } from './definition.ts';
import { tokenRanges } from './offsets.ts';
import { encodesByWords, wordEncoder } from './words.ts';

/** Text to ids and back, byte for byte: `decode(ids(text)) === text` for every well-formed string. */
export interface Tokenizer {
  /** One more than the highest id. */
  readonly vocabularySize: number;
  /** The id of `<|endoftext|>`; null where the vocabulary has none. */
  readonly endOfText: number | null;
  /** Tokens with UTF-16 offsets into the text; those that split a character share its range. */
  encode(text: string): Token[];
  /** The ids alone, when offsets are not needed. Lone surrogates are read as U+FFFD. */
  ids(text: string): number[];
  /** Special tokens are kept and spaces are never cleaned up. Throws `token-unknown`. */
  decode(ids: readonly number[]): string;
  /** One token decoded by itself; bytes that are no whole character show as U+FFFD. Throws `token-unknown`. */
  tokenText(id: number): string;
  /** Whether an id stands for a token: below the highest some may stand for none. */
  has(id: number): boolean;
  /** The tokenizer's own form, such as `Ġmovie`. Throws `token-unknown`. */
  raw(id: number): string;
  /** Whether the tokenizer marks it as special, as `<|endoftext|>`: a sign for the model that no text is cut into. */
  special(id: number): boolean;
  /** Of the token's UTF-8 text; a special token counts as its content. Throws `token-unknown`. */
  byteLength(id: number): number;
}

/** Throws `tokenizer-changes-text` from `encode` where a normalizer makes the tokens differ from the text. */
export function createTokenizer(definition: TokenizerDefinition): Tokenizer {
  const tokenizer = new HuggingFaceTokenizer(definition, {});
  const added = tokenizer.get_added_tokens_decoder();
  const texts = new Map<number, string>();

  const encodeWhole = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false }).ids;
  const ids = encodesByWords(definition)
    ? wordEncoder(
        encodeWhole,
        definition.added_tokens.map(({ content }) => content),
      )
    : encodeWhole;
  const decode = (tokens: readonly number[]): string =>
    tokens.length === 0 ? '' : tokenizer.decode([...tokens], { clean_up_tokenization_spaces: false });

  const raw = (id: number): string => {
    const token = tokenizer.id_to_token(id);
    if (token === undefined) throw unknownToken(id);
    return token;
  };

  const tokenText = (id: number): string => {
    const known = texts.get(id) ?? (raw(id), decode([id]));
    texts.set(id, known);
    return known;
  };

  // A byte-level token has one character for each byte; a special token stands for itself.
  const byteLength = (id: number): number => {
    const content = added.get(id)?.content;
    return content === undefined ? raw(id).length : Buffer.byteLength(content);
  };

  return {
    vocabularySize: highestId(definition) + 1,
    endOfText: tokenizer.token_to_id(END_OF_TEXT) ?? null,
    ids,
    encode(text) {
      const tokens = ids(text);
      const ranges = tokenRanges(text, tokens.map(byteLength));
      if (!ranges) throw changesText();
      return ranges.map(({ start, end }, index) => {
        const id = tokens[index] as number;
        return { id, text: tokenText(id), raw: raw(id), start, end };
      });
    },
    decode(tokens) {
      for (const id of tokens) raw(id);
      return decode(tokens);
    },
    tokenText,
    has: id => tokenizer.id_to_token(id) !== undefined,
    raw,
    special: id => added.get(id)?.special ?? false,
    byteLength,
  };
}

function highestId({ model, added_tokens }: TokenizerDefinition): number {
  let highest = -1;
  for (const id of Object.values(model.vocab)) highest = Math.max(highest, id);
  for (const { id } of added_tokens) highest = Math.max(highest, id);
  return highest;
}

const unknownToken = (id: number): Reasoned =>
  new Reasoned(
    'token-unknown',
    `The tokenizer has no token with id ${id}.`,
    'Check that the ids were made by this model’s own tokenizer.',
  );

const changesText = (): Reasoned =>
  new Reasoned(
    'tokenizer-changes-text',
    'The tokenizer changes the text before it cuts it, so its tokens cannot be placed in the text.',
    'Use a model with GPT-2’s byte-level tokenizer, without a normalizer in tokenizer.json.',
  );
