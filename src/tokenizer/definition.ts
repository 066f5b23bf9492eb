import { Reasoned } from '../protocol/result.ts';

export const END_OF_TEXT = '<|endoftext|>';

/** The parts of a tokenizer.json that are read here; `@huggingface/tokenizers` reads the rest. */
export interface TokenizerDefinition {
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: unknown;
  readonly pre_tokenizer: PreTokenizer | null;
  readonly post_processor: unknown;
  readonly decoder: unknown;
  readonly model: BytePairModel;
}

export interface BytePairModel {
  readonly type?: string;
  readonly vocab: Readonly<Record<string, number>>;
  /** `a b` or `[a, b]`, the first merged first. */
  readonly merges: ReadonlyArray<string | readonly string[]>;
}

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly normalized: boolean;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
}

export interface PreTokenizer {
  readonly type: string;
  readonly add_prefix_space?: boolean;
  readonly use_regex?: boolean;
  readonly pattern?: unknown;
  readonly pretokenizers?: readonly PreTokenizer[];
}

/**
 * GPT-2's cutting into words (openai/gpt-2, src/encoder.py). White space is Unicode's property: JavaScript's `\s` lacks
 * U+0085 and has U+FEFF, so that a byte order mark would be cut otherwise than by the tokenizers of Python.
 */
export const GPT2_WORDS = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  .replaceAll(String.raw`\s`, String.raw`\p{White_Space}`)
  .replaceAll(String.raw`\S`, String.raw`\P{White_Space}`);

/** Checks that a parsed tokenizer.json is a byte-level BPE which takes a text as it stands. Throws `tokenizer-unsupported`. */
export function tokenizerDefinition(parsed: unknown, folder: string): TokenizerDefinition {
  const definition = parsed as Partial<TokenizerDefinition> | null;
  const vocab = definition?.model?.vocab;
  if (!vocab || !Array.isArray(definition?.model?.merges))
    throw unsupported(folder, 'it is not a byte-pair encoding (no model.vocab and model.merges)');
  const missing = BYTE_CHARACTERS.find(character => vocab[character] === undefined);
  if (missing !== undefined)
    throw unsupported(folder, `it is not byte-level (it has no token for the byte “${missing}”)`);
  if (preTokenizers(definition.pre_tokenizer ?? null).some(({ add_prefix_space }) => add_prefix_space))
    throw unsupported(folder, 'it puts a space before every text (add_prefix_space)');
  return {
    ...(definition as TokenizerDefinition),
    added_tokens: withEndOfText(definition.added_tokens ?? [], vocab),
    pre_tokenizer: withUnicodeSpaces(definition.pre_tokenizer ?? null),
  };
}

/** The definition that `vocab.json`, `merges.txt` and `added_tokens.json` amount to, as GPT2Tokenizer of transformers reads them. */
export function gpt2Definition(
  vocab: Readonly<Record<string, number>>,
  mergesText: string,
  added: Readonly<Record<string, number>>,
): TokenizerDefinition {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, use_regex: true };
  const merges = mergesText.split(/\r?\n/).filter(line => line !== '' && !line.startsWith('#version'));
  return {
    added_tokens: Object.entries(added).map(([content, id]) => addedToken(content, id)),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: { type: 'BPE', vocab, merges },
  };
}

const addedToken = (content: string, id: number): AddedToken => ({
  id,
  content,
  special: true,
  normalized: false,
  single_word: false,
  lstrip: false,
  rstrip: false,
});

function withEndOfText(added: readonly AddedToken[], vocab: BytePairModel['vocab']): readonly AddedToken[] {
  const id = vocab[END_OF_TEXT];
  if (id === undefined || added.some(({ content }) => content === END_OF_TEXT)) return added;
  return [...added, addedToken(END_OF_TEXT, id)];
}

function withUnicodeSpaces(preTokenizer: PreTokenizer | null): PreTokenizer | null {
  if (preTokenizer?.type !== 'ByteLevel' || preTokenizer.use_regex === false) return preTokenizer;
  const words = { type: 'Split', pattern: { Regex: GPT2_WORDS }, behavior: 'Isolated', invert: false };
  return { type: 'Sequence', pretokenizers: [words, { ...preTokenizer, use_regex: false }] };
}

const preTokenizers = (preTokenizer: PreTokenizer | null): readonly PreTokenizer[] =>
  preTokenizer ? [preTokenizer, ...(preTokenizer.pretokenizers ?? [])] : [];

/** The characters that stand for the 256 bytes: printable ones for themselves, the others from U+0100 (src/encoder.py). */
const BYTE_CHARACTERS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte)
  .filter(byte => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173))
  .concat(Array.from({ length: 68 }, (_, index) => 256 + index))
  .map(code => String.fromCharCode(code));

const unsupported = (folder: string, why: string): Reasoned =>
  new Reasoned(
    'tokenizer-unsupported',
    `The tokenizer in ${folder} can't be used: ${why}.`,
    'Use a model with GPT-2’s byte-level tokenizer.',
  );
